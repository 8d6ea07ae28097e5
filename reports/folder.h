/* Folders of our own making: made beside their place, put there by rename. */
#ifndef REPORTS_FOLDER_H
#define REPORTS_FOLDER_H

/* With all that lies in it.  Links are removed, not followed; what cannot be
 * removed stays, and whoever makes the folder anew hears of it. */
void folder_remove(const char *path);

#endif
