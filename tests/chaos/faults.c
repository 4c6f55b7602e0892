/* Fails, shortens, lists, or kills at, the system calls of one process; loaded by LD_PRELOAD.
 *
 * It works in the process that loaded it first and in no other: it takes LD_PRELOAD and its own
 * variables out of the environment before the program reads it, so that no child gets them, and a
 * child made by fork alone is told by its pid. What is counted:
 *
 *   open      open, openat, opendir for reading      rename    rename, renameat, renameat2
 *   create    the same for writing, creat            unlink    unlink, unlinkat, rmdir
 *   read      read, pread                            mkdir     mkdir, mkdirat
 *   write     write, pwrite                          link      link, linkat, symlink
 *   fsync     fsync, fdatasync                       stat      stat, lstat, fstat, fstatat
 *   truncate  ftruncate                              flock     flock
 *   spawn     posix_spawn, posix_spawnp              fork      fork, vfork
 *   pipe      pipe, pipe2                            kill      kill, killpg, pidfd_send_signal
 *   epoll     epoll_create1, epoll_ctl that adds     pidfd     pidfd_open
 *   thread    pthread_create                         socket    socketpair
 *   send      send                                   receive   recv
 *
 * Paths are told short: one below AUTOML_FAULT_BELOW without that folder; `/proc`, `/sys` and
 * `/dev` for all in there; `CODE/...` below AUTOML_FAULT_CODE (imports). Calls on other paths
 * are not counted, nor those on control groups of other studies, which a controller removes if it
 * finds them left: how many there are depends on what else runs. A call without a path has a word
 * in its place, such as `-` or a signal's number.
 *
 *   AUTOML_FAULT_LOG    file that gets a line `hit` when the fault comes first, and the list
 *   AUTOML_FAULT_LIST   if set, one line a counted call: number, kind, path, events it writes
 *   AUTOML_FAULT_AT     "KIND NTH PATH": the NTH call of that kind on that path is the point
 *   AUTOML_FAULT_DO     what happens at the point:
 *                         "kill-before", "kill-after"   SIGKILL to this process
 *                         "short"                       a write writes half of it
 *                         "fail ERRNO COUNT KINDS WHERE" it fails, and so do, up to COUNT calls
 *                            in all (0: without end), those of KINDS (commas) WHERE: on the
 *                            `disk`, which is below AUTOML_FAULT_BELOW, or `anywhere`
 *                         "tear ERRNO COUNT KINDS WHERE" the same, but a write at the point writes
 *                            half of it first, as on a disk that gets full in the middle
 *                         With EMFILE, the table of open files is full from then on: a file can be
 *                         opened for each one that is closed, and for each `/dev/null` that was
 *                         held until then to keep a place.
 *   AUTOML_FAULT_UNTIL  once this file exists, nothing fails any more
 *   AUTOML_FAULT_LIVES  pids of earlier controllers of this study, whose control groups count
 *
 * Counting begins when the program opens a path that ends in "/fault-begin", and ends with
 * "/fault-end": the start of Python before, and the script after, are not what is tested.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum action { NOTHING, KILL_BEFORE, KILL_AFTER, SHORT, FAIL, TEAR };

static struct {
    char below[4096], code[4096], until[4096], lives[4096];
    int log, listing;
    char kind[32], path[4096];
    long nth;
    enum action action;
    int error;
    long count;
    char kinds[256], where[32];
} setup;

static pid_t owner;
static atomic_int armed, begun;
static atomic_long number, matched, failed, room, nulls, most_nulls;

/* Return the next definition of a function, the C library's. */
#define REAL(name) \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void take(char *to, size_t size, const char *name) {
    const char *value = getenv(name);
    if (value) snprintf(to, size, "%s", value);
}

static void read_action(void) {
    const char *text = getenv("AUTOML_FAULT_DO");
    char word[32] = "";
    if (!text) return;
    sscanf(text, "%31s %d %ld %255s %31s", word, &setup.error, &setup.count, setup.kinds,
           setup.where);
    if (!strcmp(word, "kill-before")) setup.action = KILL_BEFORE;
    if (!strcmp(word, "kill-after")) setup.action = KILL_AFTER;
    if (!strcmp(word, "short")) setup.action = SHORT;
    if (!strcmp(word, "fail")) setup.action = FAIL;
    if (!strcmp(word, "tear")) setup.action = TEAR;
}

__attribute__((constructor)) static void begin(void) {
    static const char *const own[] = {"LD_PRELOAD",         "AUTOML_FAULT_LOG",
                                      "AUTOML_FAULT_LIST",  "AUTOML_FAULT_AT",
                                      "AUTOML_FAULT_DO",    "AUTOML_FAULT_UNTIL",
                                      "AUTOML_FAULT_BELOW", "AUTOML_FAULT_CODE",
                                      "AUTOML_FAULT_LIVES"};
    const char *log = getenv("AUTOML_FAULT_LOG"), *at = getenv("AUTOML_FAULT_AT");
    owner = getpid();
    setup.log = -1;
    take(setup.below, sizeof setup.below, "AUTOML_FAULT_BELOW");
    take(setup.code, sizeof setup.code, "AUTOML_FAULT_CODE");
    take(setup.until, sizeof setup.until, "AUTOML_FAULT_UNTIL");
    take(setup.lives, sizeof setup.lives, "AUTOML_FAULT_LIVES");
    setup.listing = getenv("AUTOML_FAULT_LIST") != NULL;
    if (at) sscanf(at, "%31s %ld %4095[^\n]", setup.kind, &setup.nth, setup.path);
    read_action();
    if (log) {
        int file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0644);
        /* Far away, so that the program gets the numbers that it would get without us. */
        setup.log = syscall(SYS_fcntl, file, F_DUPFD_CLOEXEC, 500);
        syscall(SYS_close, file);
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) unsetenv(own[i]);
}

static void say(const char *line) {
    if (setup.log >= 0) syscall(SYS_write, setup.log, line, strlen(line));
}

static int is_below(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

/* Tell whether a path lies in the control group of a controller of another study. */
static int is_foreign_group(const char *path) {
    const char *name = strstr(path, "/automl-");
    char *end;
    if (!name) return 0;
    long pid = strtol(name + strlen("/automl-"), &end, 10);
    /* The number of the pid namespace stands before the pid, and an `n` between them. */
    if (*end == 'n') pid = strtol(end + 1, &end, 10);
    if (*end != '-' || pid == owner) return 0;
    for (char *at = setup.lives; *at; at = end) {
        if (strtol(at, &end, 10) == pid) return 0;
        if (end == at) break;
    }
    return 1;
}

/* Leave out when a folder was set aside, which differs from run to run. */
static void drop_stamp(char *path) {
    char *stamp = strstr(path, ".old-");
    if (!stamp) return;
    stamp += strlen(".old");
    size_t length = strspn(stamp, "-0123456789");
    memmove(stamp, stamp + length, strlen(stamp + length) + 1);
}

/* Write the short form of a path to `out`; return whether calls on it are counted. */
static int shorten(const char *path, char *out, size_t size) {
    if (!path) return 0;
    if (is_below(path, setup.below)) {
        const char *rest = path + strlen(setup.below);
        snprintf(out, size, "%s", *rest ? rest + 1 : ".");
        drop_stamp(out);
    } else if (is_below(path, "/proc") || is_below(path, "/sys") || is_below(path, "/dev")) {
        if (is_below(path, "/sys") && is_foreign_group(path)) return 0;
        snprintf(out, size, "/%.*s", (int)strcspn(path + 1, "/"), path + 1);
    } else if (is_below(path, setup.code)) {
        snprintf(out, size, "CODE%s", path + strlen(setup.code));
    } else {
        return 0;
    }
    return 1;
}

static int path_of(int file, char *out, size_t size) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    long length = syscall(SYS_readlink, link, path, sizeof path - 1);
    if (length <= 0 || file <= 2) return 0;
    path[length] = 0;
    return shorten(path, out, size);
}

/* Append the names of the events that a write to the journal holds. */
static void add_events(char *line, size_t size, const char *data, size_t length) {
    static const char key[] = "\"event\":\"";
    const char *at = data, *end = data + length;
    while (at < end && (at = memmem(at, end - at, key, sizeof key - 1))) {
        at += sizeof key - 1;
        size_t used = strlen(line), name = 0;
        while (at + name < end && at[name] != '"') name++;
        snprintf(line + used, size - used, "%.*s ", (int)name, at);
    }
}

static int in_kinds(const char *kind) {
    const char *found = setup.kinds;
    size_t length = strlen(kind);
    while ((found = strstr(found, kind))) {
        int starts = found == setup.kinds || found[-1] == ',';
        if (starts && (found[length] == ',' || !found[length])) return 1;
        found += length;
    }
    return 0;
}

/* A short path that begins otherwise is one on the disk. */
static int in_place(const char *path) {
    return strcmp(setup.where, "disk") || !(strchr("/-", *path) || !strncmp(path, "CODE", 4));
}

static int healed(void) {
    return setup.until[0] && !syscall(SYS_access, setup.until, F_OK);
}

/* Take the places of files that were closed since the table was full; return how many, or 0. */
static int take_room(const char *kind) {
    int places = strcmp(kind, "pipe") ? 1 : 2;
    long left = room;
    while (left >= places)
        if (atomic_compare_exchange_weak(&room, &left, left - places)) return places;
    return 0;
}

/* Keep count of the null devices that are held open. */
static void count_null(int file, int change) {
    if (file < 0 || !armed || getpid() != owner) return;
    long now = atomic_fetch_add(&nulls, change) + change;
    if (now > most_nulls) most_nulls = now;
}

static int is_null(int file) {
    char link[64], path[16];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    long length = armed && file > 2 ? syscall(SYS_readlink, link, path, sizeof path) : 0;
    return length == 9 && !strncmp(path, "/dev/null", 9);
}

/* Whether an open file is one whose opening is counted, so that its place is free afterwards. */
static int leaves_room(int file) {
    char link[64], path[4096], shortened[4096];
    if (!armed || !begun || setup.error != EMFILE || file <= 2 || getpid() != owner) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    long length = syscall(SYS_readlink, link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return !strncmp(path, "pipe:", 5) || !strcmp(path, "anon_inode:[pidfd]") || !strncmp(path, "pidfd:", 6) ||
           shorten(path, shortened, sizeof shortened);
}

/* What becomes of one call: 0 nothing, or an error number; SHORTENED for a write in part. */
enum { SHORTENED = -1 };

struct visit {
    int kill_after;
    int result;
    int places; /* taken in a full table of open files, free again if the call fails */
};

static struct visit visit(const char *kind, const char *path, const char *data, size_t length) {
    struct visit it = {0, 0, 0};
    if (!armed || getpid() != owner) return it;
    if (setup.listing) {
        char line[8192];
        snprintf(line, sizeof line, "%ld\t%s\t%s\t", atomic_fetch_add(&number, 1) + 1, kind, path);
        if (data) add_events(line, sizeof line - 2, data, length);
        strcat(line, "\n");
        say(line);
    }
    if (setup.action == NOTHING) return it;
    int here = 0;
    if (!strcmp(kind, setup.kind) && !strcmp(path, setup.path))
        here = atomic_fetch_add(&matched, 1) + 1 == setup.nth;
    if (here) {
        say("hit\n");
        if (setup.error == EMFILE && nulls < most_nulls) room = most_nulls - nulls;
        begun = 1;
        if (setup.action == KILL_BEFORE) syscall(SYS_kill, owner, SIGKILL);
        it.kill_after = setup.action == KILL_AFTER;
        if (setup.action == SHORT) it.result = SHORTENED;
        if (setup.action == TEAR && !strcmp(kind, "write")) {
            it.result = SHORTENED;
            return it;
        }
    }
    if (!begun || (setup.action != FAIL && setup.action != TEAR)) return it;
    if ((!here && !(in_kinds(kind) && in_place(path))) || healed()) return it;
    if (!here && setup.error == EMFILE && (it.places = take_room(kind))) return it;
    if (setup.count && atomic_fetch_add(&failed, 1) >= setup.count) return it;
    it.result = setup.error;
    return it;
}

static void after(struct visit it) {
    if (it.kill_after) syscall(SYS_kill, owner, SIGKILL);
}

/* Do a call under a fault; `bad` is what the function returns when it fails. */
#define CALL(kind, path, bad, type, expression) \
    do { \
        struct visit it = visit(kind, path, NULL, 0); \
        if (it.result > 0) { \
            errno = it.result; \
            return bad; \
        } \
        type answer = (expression); \
        int error = errno; \
        if (answer == bad) room += it.places; \
        after(it); \
        errno = error; \
        return answer; \
    } while (0)

/* The same on a path, if that is one of those counted. */
#define ON_PATH(kind, name, bad, type, expression) \
    do { \
        char shortened[4096]; \
        if (!armed || !shorten(name, shortened, sizeof shortened)) return (expression); \
        CALL(kind, shortened, bad, type, expression); \
    } while (0)

/* The same on an open file. */
#define ON_FILE(kind, file, bad, type, expression) \
    do { \
        char shortened[4096]; \
        if (!armed || !path_of(file, shortened, sizeof shortened)) return (expression); \
        CALL(kind, shortened, bad, type, expression); \
    } while (0)

static void look_for_signs(const char *path) {
    const char *name = path ? strrchr(path, '/') : NULL;
    if (getpid() != owner || !name) return;
    if (!strcmp(name, "/fault-begin")) armed = 1;
    if (!strcmp(name, "/fault-end")) armed = 0;
}

#define OPENS(flags) ((flags) & (O_WRONLY | O_RDWR | O_CREAT) ? "create" : "open")
#define MODE_OF(flags, last) \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, last); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

#define DEFINE_OPEN(function) \
    static int function##_counted(const char *path, int flags, mode_t mode) { \
        REAL(function); \
        ON_PATH(OPENS(flags), path, -1, int, real(path, flags, mode)); \
    } \
    int function(const char *path, int flags, ...) { \
        MODE_OF(flags, flags) \
        look_for_signs(path); \
        int file = function##_counted(path, flags, mode); \
        if (!strcmp(path, "/dev/null")) count_null(file, 1); \
        return file; \
    }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)

#define DEFINE_OPENAT(function) \
    int function(int folder, const char *path, int flags, ...) { \
        REAL(function); \
        MODE_OF(flags, flags) \
        ON_PATH(OPENS(flags), path, -1, int, real(folder, path, flags, mode)); \
    }
DEFINE_OPENAT(openat)
DEFINE_OPENAT(openat64)

int creat(const char *path, mode_t mode) {
    REAL(creat);
    ON_PATH("create", path, -1, int, real(path, mode));
}

DIR *opendir(const char *path) {
    REAL(opendir);
    ON_PATH("open", path, NULL, DIR *, real(path));
}

int close(int file) {
    REAL(close);
    int leaves = leaves_room(file), null = is_null(file);
    int answer = real(file);
    if (leaves && !answer) room++;
    if (null && !answer) count_null(0, -1);
    return answer;
}

int closedir(DIR *folder) {
    REAL(closedir);
    int leaves = leaves_room(dirfd(folder));
    int answer = real(folder);
    if (leaves && !answer) room++;
    return answer;
}

ssize_t read(int file, void *to, size_t size) {
    REAL(read);
    ON_FILE("read", file, -1, ssize_t, real(file, to, size));
}

#define DEFINE_PREAD(function, offset_type) \
    ssize_t function(int file, void *to, size_t size, offset_type at) { \
        REAL(function); \
        ON_FILE("read", file, -1, ssize_t, real(file, to, size, at)); \
    }
DEFINE_PREAD(pread, off_t)
DEFINE_PREAD(pread64, off64_t)

/* A write can also be made a short one. */
#define WRITES(file, data, size, expression) \
    do { \
        char shortened[4096]; \
        if (!armed || !path_of(file, shortened, sizeof shortened)) return (expression); \
        struct visit it = visit("write", shortened, data, size); \
        if (it.result > 0) { \
            errno = it.result; \
            return -1; \
        } \
        if (it.result == SHORTENED && size > 1) size /= 2; \
        ssize_t answer = (expression); \
        int error = errno; \
        after(it); \
        errno = error; \
        return answer; \
    } while (0)

ssize_t write(int file, const void *data, size_t size) {
    REAL(write);
    WRITES(file, data, size, real(file, data, size));
}

#define DEFINE_PWRITE(function, offset_type) \
    ssize_t function(int file, const void *data, size_t size, offset_type at) { \
        REAL(function); \
        WRITES(file, data, size, real(file, data, size, at)); \
    }
DEFINE_PWRITE(pwrite, off_t)
DEFINE_PWRITE(pwrite64, off64_t)

int fsync(int file) {
    REAL(fsync);
    ON_FILE("fsync", file, -1, int, real(file));
}

int fdatasync(int file) {
    REAL(fdatasync);
    ON_FILE("fsync", file, -1, int, real(file));
}

int ftruncate(int file, off_t size) {
    REAL(ftruncate);
    ON_FILE("truncate", file, -1, int, real(file, size));
}

int ftruncate64(int file, off64_t size) {
    REAL(ftruncate64);
    ON_FILE("truncate", file, -1, int, real(file, size));
}

int flock(int file, int how) {
    REAL(flock);
    ON_FILE("flock", file, -1, int, real(file, how));
}

int rename(const char *from, const char *to) {
    REAL(rename);
    ON_PATH("rename", from, -1, int, real(from, to));
}

int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    REAL(renameat);
    ON_PATH("rename", from, -1, int, real(from_folder, from, to_folder, to));
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned how) {
    REAL(renameat2);
    ON_PATH("rename", from, -1, int, real(from_folder, from, to_folder, to, how));
}

int unlink(const char *path) {
    REAL(unlink);
    ON_PATH("unlink", path, -1, int, real(path));
}

int unlinkat(int folder, const char *path, int flags) {
    REAL(unlinkat);
    ON_PATH("unlink", path, -1, int, real(folder, path, flags));
}

int rmdir(const char *path) {
    REAL(rmdir);
    ON_PATH("unlink", path, -1, int, real(path));
}

int mkdir(const char *path, mode_t mode) {
    REAL(mkdir);
    ON_PATH("mkdir", path, -1, int, real(path, mode));
}

int mkdirat(int folder, const char *path, mode_t mode) {
    REAL(mkdirat);
    ON_PATH("mkdir", path, -1, int, real(folder, path, mode));
}

int link(const char *from, const char *to) {
    REAL(link);
    ON_PATH("link", to, -1, int, real(from, to));
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    REAL(linkat);
    ON_PATH("link", to, -1, int, real(from_folder, from, to_folder, to, flags));
}

int symlink(const char *target, const char *path) {
    REAL(symlink);
    ON_PATH("link", path, -1, int, real(target, path));
}

#define DEFINE_STAT(function, buffer) \
    int function(const char *path, struct buffer *to) { \
        REAL(function); \
        ON_PATH("stat", path, -1, int, real(path, to)); \
    }
DEFINE_STAT(stat, stat)
DEFINE_STAT(stat64, stat64)
DEFINE_STAT(lstat, stat)
DEFINE_STAT(lstat64, stat64)

#define DEFINE_FSTAT(function, buffer) \
    int function(int file, struct buffer *to) { \
        REAL(function); \
        ON_FILE("stat", file, -1, int, real(file, to)); \
    }
DEFINE_FSTAT(fstat, stat)
DEFINE_FSTAT(fstat64, stat64)

#define DEFINE_FSTATAT(function, buffer) \
    int function(int folder, const char *path, struct buffer *to, int flags) { \
        REAL(function); \
        ON_PATH("stat", path, -1, int, real(folder, path, to, flags)); \
    }
DEFINE_FSTATAT(fstatat, stat)
DEFINE_FSTATAT(fstatat64, stat64)

/* These have no path: they are told by a word. */
int pipe(int ends[2]) {
    REAL(pipe);
    CALL("pipe", "-", -1, int, real(ends));
}

int pipe2(int ends[2], int flags) {
    REAL(pipe2);
    CALL("pipe", "-", -1, int, real(ends, flags));
}

int socketpair(int domain, int type, int protocol, int ends[2]) {
    REAL(socketpair);
    CALL("socket", "-", -1, int, real(domain, type, protocol, ends));
}

ssize_t send(int file, const void *data, size_t size, int flags) {
    REAL(send);
    CALL("send", "-", -1, ssize_t, real(file, data, size, flags));
}

ssize_t recv(int file, void *to, size_t size, int flags) {
    REAL(recv);
    CALL("receive", "-", -1, ssize_t, real(file, to, size, flags));
}

int epoll_create1(int flags) {
    REAL(epoll_create1);
    CALL("epoll", "create", -1, int, real(flags));
}

int epoll_ctl(int epoll, int what, int file, struct epoll_event *event) {
    REAL(epoll_ctl);
    if (what != EPOLL_CTL_ADD) return real(epoll, what, file, event);
    CALL("epoll", "add", -1, int, real(epoll, what, file, event));
}

pid_t fork(void) {
    REAL(fork);
    CALL("fork", "-", -1, pid_t, real());
}

/* vfork itself cannot be wrapped, as its child would return through our frame: fork does as well. */
pid_t vfork(void) {
    REAL(fork);
    CALL("fork", "-", -1, pid_t, real());
}

/* These return their error. What is started is told by its script, the word after the program. */
#define DEFINE_SPAWN(function) \
    int function(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions, \
                 const posix_spawnattr_t *attributes, char *const argv[], char *const env[]) { \
        REAL(function); \
        char shortened[4096] = "-"; \
        if (argv[0] && argv[1]) shorten(argv[1], shortened, sizeof shortened); \
        struct visit it = visit("spawn", shortened, NULL, 0); \
        if (it.result > 0) return it.result; \
        int answer = real(pid, path, actions, attributes, argv, env); \
        after(it); \
        return answer; \
    }
DEFINE_SPAWN(posix_spawn)
DEFINE_SPAWN(posix_spawnp)

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument) {
    REAL(pthread_create);
    struct visit it = visit("thread", "-", NULL, 0);
    if (it.result > 0) return it.result;
    int answer = real(thread, attributes, run, argument);
    after(it);
    return answer;
}

/* Signal 0 only asks; it is left alone. */
static const char *signal_name(int number) {
    switch (number) {
    case SIGTERM: return "TERM";
    case SIGKILL: return "KILL";
    case SIGCONT: return "CONT";
    case SIGINT: return "INT";
    default: return "other";
    }
}

int kill(pid_t pid, int number_of_signal) {
    REAL(kill);
    if (!number_of_signal) return real(pid, number_of_signal);
    CALL("kill", signal_name(number_of_signal), -1, int, real(pid, number_of_signal));
}

int killpg(pid_t group, int number_of_signal) {
    REAL(killpg);
    if (!number_of_signal) return real(group, number_of_signal);
    CALL("kill", signal_name(number_of_signal), -1, int, real(group, number_of_signal));
}

/* Python reaches these by their numbers. */
long syscall(long which, ...) {
    static long (*real)(long, ...);
    long words[6];
    va_list rest;
    va_start(rest, which);
    for (int i = 0; i < 6; i++) words[i] = va_arg(rest, long);
    va_end(rest);
    if (!real) real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
#define REST words[0], words[1], words[2], words[3], words[4], words[5]
    if (which == SYS_pidfd_open) CALL("pidfd", "-", -1, long, real(which, REST));
    if (which == SYS_pidfd_send_signal && words[1])
        CALL("kill", signal_name(words[1]), -1, long, real(which, REST));
    return real(which, REST);
}
