/* A store's plan and run, for the two parsers and for the cross-check. */
#ifndef PARSERS_PST_PST_H
#define PARSERS_PST_PST_H

#include "parsers/parser.h"

enum outcome pst_plan(const struct input *input, struct sink *sink);
enum outcome pst_run(const struct input *input, struct bytes spec,
    struct sink *sink);

#endif
