/* A message's headers and text on its page. */
#ifndef REPORTS_HTML_PAGE_MESSAGE_H
#define REPORTS_HTML_PAGE_MESSAGE_H

#include "reports/html/page.h"

enum {
	/* Bytes of one message's headers and text that are shown: a page
	 * must open at once. */
	MESSAGE_TEXT_MOST = 64 * 1024,
	/* Messages with text, strongest exposure first: a report is no
	 * second mailbox. */
	MESSAGES_WITH_TEXT = 50000,
};

void page_message_write(struct page *page, int64_t message);

#endif
