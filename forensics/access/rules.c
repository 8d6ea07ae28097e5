#include "forensics/access/rule.h"

const struct rule rules[] = {
	{ "R1", "accessed", rule_r1_run },
	{ "R1c", "accessed", rule_r1c_run },
	{ "R1s", "accessed", rule_r1s_run },
	{ "R4", "taken", rule_r4_run },
	{ "R5", "taken", rule_r5_run },
	{ "R2", "synced", rule_r2_run },
	{ "R2u", "presumed", rule_r2u_run },
	{ "R3", "presumed", rule_r3_run },
	{ "R6", "presumed", rule_r6_run },
	{ "R9", "presumed", rule_r9_run },
	{ "R7", "possible", rule_r7_run },
	{ "R7f", "possible", rule_r7f_run },
	{ NULL, NULL, NULL },
};
