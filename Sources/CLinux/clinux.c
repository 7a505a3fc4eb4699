/* The one call whose declaration needs _GNU_SOURCE. */
#define _GNU_SOURCE
#include "clinux.h"

long clinux_accept(int fd, struct sockaddr_storage *address, socklen_t *length) {
    return clinux_result(accept4(fd, (struct sockaddr *)address, length, SOCK_NONBLOCK | SOCK_CLOEXEC));
}
