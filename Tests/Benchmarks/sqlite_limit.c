/* What SQLite alone can do on one core, without HTTP, roles or threads: the statements of a file, one after another, in
 * rounds, for some seconds; every row found becomes JSON by the names of its columns, without any care for escapes.
 *
 *   sqlite_limit DATABASE SECONDS PER_COMMIT STATEMENTS.sql [NAME=HEX ...]
 *
 * PER_COMMIT rounds share one durable commit (WAL, synchronous=FULL); 0: rounds that only read. A statement may name
 * :id0 to :id9, new identifiers in every round, in the order of time; :n, one more in every round; :now, milliseconds;
 * and each NAME of the command line, a blob. Prints one line of JSON. It knows no table. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { STATEMENTS = 64, IDS = 10, OUTPUT = 1 << 20 };
static sqlite3 *db;

static void check(int holds) {
  if (holds) return;
  fprintf(stderr, "sqlite_limit: %s\n", db ? sqlite3_errmsg(db) : "bad arguments");
  exit(1);
}

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static char *read_file(const char *path) {
  FILE *file = fopen(path, "rb");
  check(file != NULL && fseek(file, 0, SEEK_END) == 0);
  long length = ftell(file);
  char *text = calloc(1, (size_t)length + 1);
  rewind(file);
  check(text && fread(text, 1, (size_t)length, file) == (size_t)length);
  fclose(file);
  return text;
}

/* NAME=HEX of the command line into every statement that names it; once, since bindings stay. */
static void bind_constants(sqlite3_stmt *statement, int count, char **arguments) {
  for (int i = 0; i < count; i++) {
    char name[64];
    unsigned char bytes[64];
    const char *hex = strchr(arguments[i], '=');
    check(hex && hex - arguments[i] < 60 && strlen(hex + 1) <= 2 * sizeof bytes);
    snprintf(name, sizeof name, ":%.*s", (int)(hex - arguments[i]), arguments[i]);
    int length = 0, index = sqlite3_bind_parameter_index(statement, name);
    for (const char *digit = hex + 1; digit[0] && digit[1]; digit += 2) sscanf(digit, "%2hhx", &bytes[length++]);
    if (index) check(sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT) == SQLITE_OK);
  }
}

static void bind_round(sqlite3_stmt *statement, sqlite3_int64 round, sqlite3_int64 now,
                       unsigned char ids[IDS][16]) {
  for (int index = 1; index <= sqlite3_bind_parameter_count(statement); index++) {
    const char *name = sqlite3_bind_parameter_name(statement, index);
    if (!name) continue;
    if (!strncmp(name, ":id", 3) && name[3] >= '0' && name[3] < '0' + IDS && !name[4])
      sqlite3_bind_blob(statement, index, ids[name[3] - '0'], 16, SQLITE_STATIC);
    else if (!strcmp(name, ":n")) sqlite3_bind_int64(statement, index, round);
    else if (!strcmp(name, ":now")) sqlite3_bind_int64(statement, index, now);
  }
}

/* The version-7 layout of RFC 9562, section 5.7: milliseconds first, then a count that keeps the order. */
static void make_ids(unsigned char ids[IDS][16], sqlite3_int64 round, sqlite3_int64 now) {
  for (int i = 0; i < IDS; i++) {
    sqlite3_uint64 count = (sqlite3_uint64)round * IDS + (sqlite3_uint64)i;
    sqlite3_uint64 high = (sqlite3_uint64)now << 16 | 0x7000 | (count >> 52 & 0xfff);
    sqlite3_uint64 low = 0x8000000000000000u | (count & 0x000fffffffffffffu);
    for (int byte = 0; byte < 8; byte++) {
      ids[i][byte] = (unsigned char)(high >> (56 - 8 * byte));
      ids[i][8 + byte] = (unsigned char)(low >> (56 - 8 * byte));
    }
  }
}

static char *append_row(sqlite3_stmt *statement, char *out, const char *end) {
  for (int column = 0; column < sqlite3_column_count(statement); column++) {
    int type = sqlite3_column_type(statement, column);
    if (type == SQLITE_NULL) continue;
    const unsigned char *bytes = sqlite3_column_blob(statement, column);
    int length = sqlite3_column_bytes(statement, column);
    const char *name = sqlite3_column_name(statement, column);
    if (end - out < 2 * length + (long)strlen(name) + 64) return out;
    *out++ = column ? ',' : '{', *out++ = '"';
    out = stpcpy(out, name);
    *out++ = '"', *out++ = ':', *out++ = '"';
    if (type == SQLITE_BLOB)
      for (int i = 0; i < length; i++)
        *out++ = "0123456789abcdef"[bytes[i] >> 4], *out++ = "0123456789abcdef"[bytes[i] & 15];
    else if (type == SQLITE_TEXT) memcpy(out, bytes, (size_t)length), out += length;
    else out += snprintf(out, 24, "%lld", sqlite3_column_int64(statement, column));
    *out++ = '"';
  }
  *out++ = '}';
  return out;
}

int main(int count, char **arguments) {
  check(count >= 5);
  double limit = atof(arguments[2]);
  int per_commit = atoi(arguments[3]);
  check(sqlite3_open(arguments[1], &db) == SQLITE_OK);
  check(sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                         "PRAGMA cache_size=-16384; PRAGMA mmap_size=268435456; PRAGMA temp_store=2", NULL, NULL, NULL) == SQLITE_OK);

  sqlite3_stmt *statements[STATEMENTS];
  int used = 0;
  for (const char *text = read_file(arguments[4]); *text;) {
    sqlite3_stmt *statement = NULL;
    check(used < STATEMENTS);
    check(sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &statement, &text) == SQLITE_OK);
    if (!statement) continue;
    bind_constants(statement, count - 5, arguments + 5);
    statements[used++] = statement;
  }

  static char output[OUTPUT];
  unsigned char ids[IDS][16];
  sqlite3_int64 rounds = 0, rows = 0, bytes = 0;
  double start = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), took;
  do {
    check(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK);
    for (int i = 0; i < (per_commit ? per_commit : 1); i++, rounds++) {
      sqlite3_int64 now = (sqlite3_int64)(seconds(CLOCK_REALTIME) * 1e3);
      make_ids(ids, rounds, now);
      char *out = output;
      for (int number = 0; number < used; number++) {
        int result;
        bind_round(statements[number], rounds, now, ids);
        while ((result = sqlite3_step(statements[number])) == SQLITE_ROW)
          out = append_row(statements[number], out, output + OUTPUT), rows++;
        check(result == SQLITE_DONE);
        sqlite3_reset(statements[number]);
      }
      bytes += out - output;
    }
    check(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
    took = seconds(CLOCK_MONOTONIC) - start;
  } while (took < limit);

  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"requests\":%lld,\"seconds\":%f,\"cpu\":%f,\"memory\":%f,\"rows\":%f,\"bytes\":%f}\n", rounds, took,
         seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, (double)usage.ru_maxrss / 1024, (double)rows / (double)rounds,
         (double)bytes / (double)rounds);
  return 0;
}
