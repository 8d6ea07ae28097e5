/* The version printed by --version and in the report's appendix. */
#ifndef REPORTS_VERSION_H
#define REPORTS_VERSION_H

#ifndef POSTMORTEM_VERSION
#define POSTMORTEM_VERSION "0.1"
#endif

#endif
