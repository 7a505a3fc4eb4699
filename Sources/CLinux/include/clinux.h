/* What `import Glibc` hides from Swift (epoll, eventfd, accept4, renameat2) or makes awkward (errno, packed structs, unions).
   Every call returns its result, or the negative of errno. No logic lives here. */
#ifndef CLINUX_H
#define CLINUX_H
#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static inline long clinux_result(long result) { return result < 0 ? -(long)errno : result; }

static inline long clinux_receive(int fd, void *bytes, size_t count) {
    return clinux_result(recv(fd, bytes, count, 0));
}

static inline long clinux_send(int fd, const void *bytes, size_t count) {
    return clinux_result(send(fd, bytes, count, MSG_NOSIGNAL));
}

/* writev with MSG_NOSIGNAL: a head and a large body leave in one call and without a copy. */
static inline long clinux_send_two(
    int fd, const void *first, size_t firstCount, const void *second, size_t secondCount) {
    struct iovec parts[2] = {{(void *)first, firstCount}, {(void *)second, secondCount}};
    struct msghdr message = {0};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    return clinux_result(sendmsg(fd, &message, MSG_NOSIGNAL));
}

/* accept4 with SOCK_NONBLOCK and SOCK_CLOEXEC; compiled apart: _GNU_SOURCE here would clash with the Glibc module. */
long clinux_accept(int fd, struct sockaddr_storage *address, socklen_t *length);

/* renameat2 with RENAME_NOREPLACE; compiled apart for the same reason. */
long clinux_rename_to_new(const char *from, const char *to);

static inline long clinux_epoll_create(void) { return clinux_result(epoll_create1(EPOLL_CLOEXEC)); }

static inline long clinux_eventfd(void) { return clinux_result(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)); }

static inline long clinux_eventfd_signal(int fd) {
    uint64_t one = 1;
    return clinux_result(write(fd, &one, sizeof one));
}

static inline long clinux_epoll_add(int epoll, int fd, uint32_t flags, uint64_t data) {
    struct epoll_event event = {.events = flags, .data.u64 = data};
    return clinux_result(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

static inline long clinux_epoll_remove(int epoll, int fd) {
    struct epoll_event event = {0};
    return clinux_result(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &event));
}

static inline long clinux_epoll_wait(int epoll, struct epoll_event *events, int capacity, int timeoutMilliseconds) {
    return clinux_result(epoll_wait(epoll, events, capacity, timeoutMilliseconds));
}

static inline uint32_t clinux_event_flags(const struct epoll_event *event) { return event->events; }
static inline uint64_t clinux_event_data(const struct epoll_event *event) { return event->data.u64; }

/* The flags as constants that Swift sees with one type. */
static const uint32_t clinux_in = EPOLLIN, clinux_out = EPOLLOUT, clinux_hangup = EPOLLHUP | EPOLLERR;
static const uint32_t clinux_read_hangup = EPOLLRDHUP, clinux_edge = EPOLLET, clinux_exclusive = EPOLLEXCLUSIVE;
#endif
