#ifndef TSUNAGU_COMMON_STORE_SQLITE_FAULTY_FILES_H_
#define TSUNAGU_COMMON_STORE_SQLITE_FAULTY_FILES_H_

#include <sqlite3.h>

#include <atomic>

namespace tsunagu::store {

// For tests only: what the file system answers to SQLite's logs instead of writing or syncing them, from the next
// call on, in all databases opened since Install. SQLITE_OK: it does as told.
struct FaultyFiles {
  static inline std::atomic<int> write_answer{SQLITE_OK};
  static inline std::atomic<int> sync_answer{SQLITE_OK};

  // Makes them the default file system of this process.
  static void Install() {
    static sqlite3_vfs vfs = [] {
      sqlite3_vfs copy = *Real();
      copy.zName = "faulty";
      copy.xOpen = Open;
      return copy;
    }();
    sqlite3_vfs_register(&vfs, 1);
  }

 private:
  static sqlite3_vfs* Real() { return sqlite3_vfs_find("unix"); }

  static int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    const int result = Real()->xOpen(Real(), name, file, flags, out_flags);
    if (result != SQLITE_OK || (flags & SQLITE_OPEN_WAL) == 0) return result;
    real = file->pMethods;
    static const sqlite3_io_methods methods = [] {
      sqlite3_io_methods copy = *real;
      copy.xWrite = Write;
      copy.xSync = Sync;
      return copy;
    }();
    file->pMethods = &methods;
    return result;
  }

  static int Write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
    const int answer = write_answer;
    return answer == SQLITE_OK ? real.load()->xWrite(file, bytes, size, offset) : answer;
  }

  static int Sync(sqlite3_file* file, int flags) {
    const int answer = sync_answer;
    return answer == SQLITE_OK ? real.load()->xSync(file, flags) : answer;
  }

  static inline std::atomic<const sqlite3_io_methods*> real{nullptr};
};

}  // namespace tsunagu::store

#endif  // TSUNAGU_COMMON_STORE_SQLITE_FAULTY_FILES_H_
