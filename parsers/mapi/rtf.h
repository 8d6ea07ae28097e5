/* Rich text as mail stores keep it: compressed ([MS-OXRTFCP]), with HTML or
 * plain text inside ([MS-OXRTFEX]), or on its own. */
#ifndef PARSERS_MAPI_RTF_H
#define PARSERS_MAPI_RTF_H

#include "parsers/base/arena.h"

/*
 * [MS-OXRTFCP] 3.1.3, 3.1.4.  What could be decompressed always comes out;
 * *problem is NULL when that is all of it and the CRC holds, else our words.
 */
struct bytes rtf_decompress(struct arena *arena, struct bytes in,
    const char **problem);

enum rtf_origin { RTF_NATIVE, RTF_FROM_TEXT, RTF_FROM_HTML };

/* [MS-OXRTFEX] 2.1.3.1: by \fromhtml1 or \fromtext among the first words. */
enum rtf_origin rtf_origin(struct bytes rtf);

/* Both in UTF-8; *problem as above (a limit, or characters that are not of
 * their font's code page). */
struct bytes rtf_to_html(struct arena *arena, struct bytes rtf,
    const char **problem);
struct bytes rtf_to_text(struct arena *arena, struct bytes rtf,
    const char **problem);

#endif
