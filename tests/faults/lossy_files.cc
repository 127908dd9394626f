#include "tests/faults/lossy_files.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <vector>

#include "absl/time/time.h"
#include "common/base/mutex.h"
#include "tests/process/process.h"

namespace tsunagu::faults {
namespace {

constexpr size_t kSector = 512;

struct Write {
  int64_t offset = 0;
  std::string bytes;
  bool truncates = false;  // truncation to `offset`
};

void Apply(const Write& write, std::string& content) {
  const auto offset = static_cast<size_t>(write.offset);
  if (write.truncates) return content.resize(std::min(content.size(), offset));
  content.resize(std::max(content.size(), offset + write.bytes.size()));
  content.replace(offset, write.bytes.size(), write.bytes);
}

struct File {
  bool was_there = false;  // it exists after a cut, too
  std::string synced;
  std::vector<Write> since;
};

struct Disk {
  Mutex mutex;
  CondVar changed;
  std::map<std::string, File> files;
  std::map<sqlite3_file*, std::string> open;
  int64_t operations = 0;
  bool off = false, lies = false;
};

// Our file methods in front of SQLite's, which differ by kind of file.
struct Wrapped {
  sqlite3_io_methods ours;
  const sqlite3_io_methods* real;
};

const sqlite3_io_methods* Of(sqlite3_file* file) { return reinterpret_cast<const Wrapped*>(file->pMethods)->real; }

Disk& TheDisk() {
  static auto& disk = *new Disk;
  return disk;
}

sqlite3_vfs* Real() { return sqlite3_vfs_find("unix"); }

// One operation on an open file: runs `done` under the lock, unless the power is off.
template <typename Action>
int Do(sqlite3_file* file, int error, Action action) {
  Disk& disk = TheDisk();
  MutexLock lock(disk.mutex);
  ++disk.operations;
  disk.changed.notify_all();
  if (disk.off) return error;
  const auto open = disk.open.find(file);
  File ignored;
  return action(disk, open == disk.open.end() ? ignored : disk.files[open->second]);
}

int Close(sqlite3_file* file) {
  Disk& disk = TheDisk();
  MutexLock lock(disk.mutex);
  disk.open.erase(file);
  return Of(file)->xClose(file);
}

int Read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  return Do(file, SQLITE_IOERR_READ, [&](Disk&, File&) { return Of(file)->xRead(file, bytes, size, offset); });
}

int WriteBytes(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  return Do(file, SQLITE_IOERR_WRITE, [&](Disk&, File& kept) {
    kept.since.push_back({offset, std::string(static_cast<const char*>(bytes), static_cast<size_t>(size))});
    return Of(file)->xWrite(file, bytes, size, offset);
  });
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return Do(file, SQLITE_IOERR_TRUNCATE, [&](Disk&, File& kept) {
    kept.since.push_back({size, "", true});
    return Of(file)->xTruncate(file, size);
  });
}

int Sync(sqlite3_file* file, int) {
  return Do(file, SQLITE_IOERR_FSYNC, [&](Disk& disk, File& kept) {
    if (disk.lies) return SQLITE_OK;
    for (const Write& write : kept.since) Apply(write, kept.synced);
    kept.since.clear();
    kept.was_there = true;
    return SQLITE_OK;  // the machine that runs the test keeps its power
  });
}

// Call it with the disk's lock held.
const sqlite3_io_methods* Wrap(const sqlite3_io_methods* real) {
  static auto& known = *new std::map<const sqlite3_io_methods*, Wrapped>;
  Wrapped wrapped{*real, real};
  wrapped.ours.xClose = Close;
  wrapped.ours.xRead = Read;
  wrapped.ours.xWrite = WriteBytes;
  wrapped.ours.xTruncate = Truncate;
  wrapped.ours.xSync = Sync;
  return &known.try_emplace(real, wrapped).first->second.ours;
}

int Open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  Disk& disk = TheDisk();
  MutexLock lock(disk.mutex);
  file->pMethods = nullptr;
  if (disk.off) return SQLITE_CANTOPEN;
  const bool known = name != nullptr && disk.files.count(name) != 0;
  const bool there = name != nullptr && std::filesystem::exists(name);
  const int result = Real()->xOpen(Real(), name, file, flags, out_flags);
  if (result != SQLITE_OK) return result;
  file->pMethods = Wrap(file->pMethods);
  if (name == nullptr) return result;
  disk.open[file] = name;
  if (!known) disk.files[name] = {there, there ? process::ReadFile(name) : "", {}};
  return result;
}

int Delete(sqlite3_vfs*, const char* name, int sync_folder) {
  Disk& disk = TheDisk();
  MutexLock lock(disk.mutex);
  if (disk.off) return SQLITE_IOERR_DELETE;
  disk.files.erase(name);
  return Real()->xDelete(Real(), name, sync_folder);
}

// Returns what remains of a file; nothing if not even its name was synced.
std::string Left(const File& file, std::mt19937_64& random) {
  const uint64_t kept_of_4 = random() % 5;
  std::string content = file.synced;
  for (const Write& write : file.since) {
    if (write.truncates) {
      if (random() % 4 < kept_of_4) Apply(write, content);
      continue;
    }
    for (size_t at = 0; at < write.bytes.size(); at += kSector) {
      if (random() % 4 >= kept_of_4) continue;
      Apply({write.offset + static_cast<int64_t>(at), write.bytes.substr(at, kSector)}, content);
    }
  }
  return content;
}

}  // namespace

void LossyFiles::Install() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs copy = *Real();
    copy.zName = "lossy";
    copy.xOpen = Open;
    copy.xDelete = Delete;
    return copy;
  }();
  sqlite3_vfs_register(&vfs, 1);
  Disk& disk = TheDisk();
  MutexLock lock(disk.mutex);
  disk.files.clear();
  disk.operations = 0;
  disk.off = disk.lies = false;
}

void LossyFiles::set_lies(bool lies) {
  MutexLock lock(TheDisk().mutex);
  TheDisk().lies = lies;
}

int64_t LossyFiles::operations() {
  MutexLock lock(TheDisk().mutex);
  return TheDisk().operations;
}

void LossyFiles::WaitForOperations(int64_t count) {
  Disk& disk = TheDisk();
  const Deadline deadline = Deadline::After(process::kPatience);
  MutexLock lock(disk.mutex);
  while (disk.operations < count && disk.changed.wait_until(disk.mutex, deadline) != std::cv_status::timeout) {
  }
}

void LossyFiles::CutPower(std::mt19937_64& random, const std::string& folder) {
  Disk& disk = TheDisk();
  MutexLock lock(disk.mutex);
  disk.off = true;
  for (const auto& [path, file] : disk.files) {
    if (!file.was_there && random() % 2 == 0) continue;
    process::WriteFile(folder + "/" + std::filesystem::path(path).filename().string(), Left(file, random));
  }
}

}  // namespace tsunagu::faults
