/* Preloaded into uWSGI so that it resolves a configuration and then stops.
 *
 * --show-config prints the resolved options and goes on to serve, and exec-asap, logto or
 * @(exec://) act before that. So: leave with status 77 as soon as the last line of the list is
 * written, put \x1e before every record, and refuse everything that acts on the machine.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define CHILD 0x3ffffff
#define PLUGINS "/usr/lib/uwsgi/plugins/"

static const char begin[] = ";uWSGI instance configuration";
static const char end[] = ";end of configuration";
static int inside = 0;

ssize_t write(int fd, const void *bytes, size_t size) {
    if (fd != 1 && fd != 2) return syscall(SYS_write, fd, bytes, size);
    if (!inside && memmem(bytes, size, begin, sizeof begin - 1)) inside = 1;
    if (inside) syscall(SYS_write, 2, "\x1e", 1);
    ssize_t written = syscall(SYS_write, 2, bytes, size);
    if (inside && size < 200 && memmem(bytes, size, end, sizeof end - 1))
        syscall(SYS_exit_group, 77);
    return written;
}

/* daemonize would leave in the parent: let it believe it is the child. */
pid_t fork(void) {
    Dl_info caller;
    if (dladdr(__builtin_return_address(0), &caller) && caller.dli_sname &&
        strstr(caller.dli_sname, "daemonize"))
        return 0;
    return CHILD;
}
pid_t vfork(void) { return CHILD; }
pid_t setsid(void) { return getpid(); }
pid_t waitpid(pid_t pid, int *status, int options) {
    if (pid != CHILD) return syscall(SYS_wait4, pid, status, options, NULL);
    if (status) *status = 0;
    return pid;
}
int dup2(int from, int to) {
    if (to == 1 || to == 2) return to;
    return from == to ? to : syscall(SYS_dup3, from, to, 0);
}
int close(int fd) { return fd == 1 || fd == 2 ? 0 : syscall(SYS_close, fd); }

static int opened(const char *path, int flags, int mode) {
    if ((flags & (O_CREAT | O_TRUNC | O_APPEND)) || (flags & O_ACCMODE) != O_RDONLY)
        return syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR, 0);
    return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}
static int mode_of(va_list rest) { return va_arg(rest, int); }
int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    int mode = mode_of(rest);
    va_end(rest);
    return opened(path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    int mode = mode_of(rest);
    va_end(rest);
    return opened(path, flags, mode);
}
FILE *fopen(const char *path, const char *mode) {
    static FILE *(*real)(const char *, const char *);
    if (!real) real = dlsym(RTLD_NEXT, "fopen");
    return real(strpbrk(mode, "wa+") ? "/dev/null" : path, mode);
}
FILE *fopen64(const char *path, const char *mode) { return fopen(path, mode); }
void *dlopen(const char *path, int flags) {
    static void *(*real)(const char *, int);
    if (!real) real = dlsym(RTLD_NEXT, "dlopen");
    if (path && (strncmp(path, PLUGINS, sizeof PLUGINS - 1) || strstr(path, "..")))
        path = "/nonexistent/refused.so";
    return real(path, flags);
}

#define REFUSE(type, name, arguments) type name arguments { errno = EPERM; return (type)-1; }
#define PRETEND(name, arguments) int name arguments { return 0; }
REFUSE(int, execve, (const char *a, char *const *b, char *const *c))
REFUSE(int, execvp, (const char *a, char *const *b))
REFUSE(int, execv, (const char *a, char *const *b))
REFUSE(int, system, (const char *a))
REFUSE(int, bind, (int a, const struct sockaddr *b, socklen_t c))
REFUSE(int, listen, (int a, int b))
REFUSE(int, connect, (int a, const struct sockaddr *b, socklen_t c))
REFUSE(int, chroot, (const char *a))
REFUSE(int, mount, (const char *a, const char *b, const char *c, unsigned long d, const void *e))
REFUSE(int, unshare, (int a))
PRETEND(kill, (pid_t a, int b))
PRETEND(killpg, (pid_t a, int b))
PRETEND(unlink, (const char *a))
PRETEND(rename, (const char *a, const char *b))
PRETEND(mkdir, (const char *a, mode_t b))
PRETEND(mkfifo, (const char *a, mode_t b))
PRETEND(chmod, (const char *a, mode_t b))
PRETEND(chown, (const char *a, uid_t b, gid_t c))
PRETEND(setuid, (uid_t a))
PRETEND(setgid, (gid_t a))
PRETEND(setgroups, (size_t a, const gid_t *b))
PRETEND(umount, (const char *a))
FILE *popen(const char *a, const char *b) { errno = EPERM; return NULL; }
