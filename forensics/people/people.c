#include "forensics/people/people.h"

void
people_build(struct case_file *file)
{
	case_begin(file);
	persons_build(file);
	duties_build(file);
	organizations_build(file);
	case_commit(file);
}
