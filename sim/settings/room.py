"""Whether a failure to write is one that room on the disk would mend."""

import errno

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def out_of_room(error: OSError) -> bool:
    """Tell whether the disk is full, a quota is used up, or a file may grow no further."""
    return error.errno in NO_ROOM
