/* The calls whose declarations need _GNU_SOURCE. */
#define _GNU_SOURCE
#include "clinux.h"

#include <fcntl.h>
#include <stdio.h>

long clinux_accept(int fd, struct sockaddr_storage *address, socklen_t *length) {
    return clinux_result(accept4(fd, (struct sockaddr *)address, length, SOCK_NONBLOCK | SOCK_CLOEXEC));
}

long clinux_rename_to_new(const char *from, const char *to) {
    return clinux_result(renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE));
}
