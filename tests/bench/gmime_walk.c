/* A peer for the benchmark: every part of every message of a folder, decoded
 * by GMime 3 and counted.  Nothing of it is in postmortem. */
#include <dirent.h>
#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static unsigned long long parts, bytes;

static void
on_part(GMimeObject *parent, GMimeObject *part, gpointer data)
{
	GMimeStream *out;

	(void)parent, (void)data;
	parts++;
	if (!GMIME_IS_PART(part) || GMIME_PART(part)->content == NULL)
		return;
	out = g_mime_stream_null_new();
	bytes += (unsigned long long)g_mime_data_wrapper_write_to_stream(
	    GMIME_PART(part)->content, out);
	g_object_unref(out);
}

static void
walk_file(const char *path)
{
	GMimeStream *stream = g_mime_stream_file_open(path, "r", NULL);
	GMimeParser *parser;
	GMimeMessage *message;

	if (stream == NULL)
		return;
	parser = g_mime_parser_new_with_stream(stream);
	g_object_unref(stream);
	message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	if (message == NULL)
		return;
	g_mime_message_foreach(message, on_part, NULL);
	g_object_unref(message);
}

static void
walk(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char name[4096];

	if (dir == NULL) {
		walk_file(path);
		return;
	}
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
		walk(name);
	}
	closedir(dir);
}

int
main(int argc, char **argv)
{
	g_mime_init();
	for (int i = 1; i < argc; i++)
		walk(argv[i]);
	printf("%llu parts, %llu bytes\n", parts, bytes);
	return 0;
}
