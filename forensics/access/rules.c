#include "forensics/access/rule.h"

const struct rule rules[] = {
	{ "R1", "accessed", rule_r1_run, true },
	{ "R1c", "accessed", rule_r1c_run, true },
	{ "R1s", "accessed", rule_r1s_run, false },
	{ "R2", "synced", rule_r2_run, true },
	{ "R2u", "presumed", rule_r2u_run, true },
	{ "R3", "presumed", rule_r3_run, true },
	{ "R6", "presumed", rule_r6_run, false },
	{ "R7", "possible", rule_r7_run, false },
	{ "R7f", "possible", rule_r7f_run, true },
	{ NULL, NULL, NULL, false },
};
