/*
 * Mentions and the persons they are merged into.
 *
 * A mention is what one place of one message says of one person: the
 * findings that share a message and a group_key.  A person is a set of
 * mentions (union-find).
 */
#ifndef FORENSICS_PEOPLE_PERSON_H
#define FORENSICS_PEOPLE_PERSON_H

#include "forensics/case/case.h"
#include "forensics/people/name.h"

enum tier {
	TIER_PRIMARY,   /* two people cannot share it: SSN, passport, ... */
	TIER_SECONDARY, /* date of birth */
	TIER_TERTIARY,  /* address, personal e-mail, phone, card, IBAN, ... */
	TIER_NONE,
};

struct fact { /* one finding */
	int64_t finding, message;
	int64_t sent_us;
	struct bytes finding_id, detector, element, class, normalized, value;
	enum tier tier;
	bool counts; /* high or medium, and has an element */
	bool in_row; /* came from a table row */
	bool own;    /* the organization's postal address: nobody's home */
};

enum merge_reason { /* strongest first */
	MERGE_PRIMARY,
	MERGE_EXACT_NAME_SECONDARY,
	MERGE_NICKNAME_SECONDARY,
	MERGE_NAME_TERTIARY,
	MERGE_SINGLE,
};

enum review {
	REVIEW_ID_CONFLICT = 1,
	REVIEW_NAME_CONFLICT = 2,
	REVIEW_RESIDENCE_CONFLICT = 4,
	REVIEW_SHARED_TERTIARY = 8,
	REVIEW_NICKNAME = 16,
	REVIEW_UNNAMED = 32,
};

struct mention {
	struct fact *facts;
	size_t fact_count;
	struct bytes shown_name; /* as written */
	struct name name;
	int64_t message;

	size_t root;             /* union-find parent */
	size_t next, last;       /* members of a root, in order; SIZE_MAX */
	enum merge_reason reason;
	unsigned review;
	size_t seen;             /* while merging: in the run in hand */
	bool dropped;            /* not_a_person */
	bool notified;           /* told already */
};

/* Two mentions that review found to be two people. */
struct mention_pair {
	size_t a, b;
};

struct mentions {
	struct mention *list;
	size_t count;
	struct mention_pair *apart;
	size_t apart_count;
};

/* Everything linkable in the case, in an order of content. */
struct mentions mentions_load(struct case_file *file, struct arena *arena);

size_t mention_root(struct mentions *all, size_t i);

/* Contract 7, Merging.  Sets roots, reasons and review flags. */
void mentions_merge(struct mentions *all, struct arena *arena);

/* Each mention by itself: before any merging. */
void mentions_separate(struct mentions *all);

/* Put b's person into a's, whatever the rules say (review decisions). */
void mentions_join(struct mentions *all, size_t a, size_t b,
    enum merge_reason reason);

/* The id of the person that this root is. */
struct bytes person_id_of(struct arena *arena, struct mentions *all,
    size_t root);

/*
 * The incident file's people: section.  Before merging: `different` keeps
 * mentions apart.  After it: `same` joins, `not_a_person` drops, `notified`
 * marks.  An id that no mention has any more is said on stderr.
 */
void decisions_before(struct case_file *file, struct arena *arena,
    struct mentions *all);
void decisions_after(struct case_file *file, struct arena *arena,
    struct mentions *all);

#endif
