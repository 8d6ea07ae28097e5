/*
 * Build tool: print a C file holding each named file as bytes, and the table
 * of them that forensics/tables.c looks names up in.
 */
#include <stdio.h>
#include <string.h>

static int
print_file(int number, const char *path)
{
	FILE *in = fopen(path, "rb");
	int c, column = 0;

	if (in == NULL) {
		perror(path);
		return -1;
	}
	printf("static const unsigned char data_%d[] = {", number);
	while ((c = getc(in)) != EOF)
		printf("%s%d,", column++ % 20 == 0 ? "\n\t" : "", c);
	printf("\n\t0 };\n");
	fclose(in);
	return 0;
}

int
main(int argc, char **argv)
{
	puts("/* Generated; see testdata/embed.c. */");
	puts("#include \"forensics/tables.h\"");
	for (int i = 1; i < argc; i++)
		if (print_file(i, argv[i]) != 0)
			return 1;
	puts("const struct table_file built_in_tables[] = {");
	for (int i = 1; i < argc; i++) {
		const char *base = strrchr(argv[i], '/');

		printf("\t{ \"%s\", { data_%d, sizeof data_%d - 1 } },\n",
		    base ? base + 1 : argv[i], i, i);
	}
	puts("\t{ 0, { 0, 0 } }\n};");
	return 0;
}
