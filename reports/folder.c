#include "reports/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parsers/base/die.h"

/* Ours alone, so as deep as we made it: csv/, jsonl/ and files. */
void
folder_remove(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char *inner;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (asprintf(&inner, "%s/%s", path, entry->d_name) < 0)
			die_machine("out of memory");
		if (unlink(inner) != 0 && errno == EISDIR)
			folder_remove(inner);
		free(inner);
	}
	closedir(dir);
	rmdir(path);
}
