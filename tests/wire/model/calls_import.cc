// Files of a few rows, imported for the first time and again.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"
#include "tests/wire/model/calls.h"

namespace tsunagu::wire::model {
namespace {

using google::protobuf::Message;

// The file reader normalises such cells, so they are no faults there.
bool IsForFiles(const std::vector<std::string>& values) {
  return std::none_of(values.begin(), values.end(), [](const std::string& value) {
    return value == " x" || value == "area" || value.find('\n') != std::string::npos;
  });
}

int64_t Micros(const Message& record, const std::string& field) {
  return google::protobuf::util::TimeUtil::TimestampToMicroseconds(static_cast<const google::protobuf::Timestamp&>(
      record.GetReflection()->GetMessage(record, record.GetDescriptor()->FindFieldByName(field))));
}

// A field of a row by its column: wishes[1] is in the column wishes.
std::string WithoutIndexes(std::string text) {
  for (const char* index : {"[0]", "[1]", "[2]"}) text = absl::StrReplaceAll(text, {{index, ""}});
  return text;
}

// Removes warnings that the contracts only permit, but do not promise.
Imported WithoutHints(Imported outcome) {
  std::vector<std::string> rows;
  for (std::string row : outcome.rows) {
    for (const char* hint : {" :EQUAL_RECORDS_NOT_COMPARED", " :EQUAL_RECORD", " :ENDED_BUT_LISTED"})
      row = absl::StrReplaceAll(row, {{hint, ""}});
    if (absl::EndsWith(row, " warned")) {
      outcome.counts.set_warned_count(outcome.counts.warned_count() - 1);
    } else {
      rows.push_back(std::move(row));
    }
  }
  outcome.rows = std::move(rows);
  return outcome;
}

}  // namespace

Calls::File Calls::AFile(const Person& person, const Resource& resource) {
  File file{&person, &resource};
  file.options.set_collection(resource.collection);
  file.options.set_dry_run(choose_.Percent(15));
  file.options.set_atomic(choose_.Percent(15));
  file.options.set_request_id(absl::StrCat("file-", log_.size()));
  file.options.set_rename(true);  // rows say anything of a key
  for (const Field& field : resource.fields) {
    if (field.required || field.name == resource.import_key || choose_.Percent(40)) file.columns.push_back(field.name);
  }
  file.text = absl::StrJoin(file.columns, ",") + "\n";
  std::set<std::string> keys;  // none twice
  for (int i = 1 + choose_.Below(4); i > 0; --i) {
    std::map<std::string, std::string> cells;
    for (const auto& [field, values] : choose_.ARow(resource)) {
      const bool there = std::find(file.columns.begin(), file.columns.end(), field) != file.columns.end();
      if (there && IsForFiles(values)) cells[field] = absl::StrJoin(values, ";");
    }
    for (const std::string& column : file.columns) cells[column];
    std::string& key = cells[resource.import_key];
    if (!key.empty() && !keys.insert(key).second) key.clear();
    std::vector<std::string> line;
    for (const std::string& column : file.columns) line.push_back(absl::StrCat("\"", cells[column], "\""));
    absl::StrAppend(&file.text, absl::StrJoin(line, ","), "\n");
    file.cells.push_back(std::move(cells));
  }
  return file;
}

std::optional<std::set<std::string>> Calls::ImportRow(const File& file, const std::map<std::string, std::string>& cells,
                                                      platform_v1::ImportSummary& counts) {
  const Resource& resource = *file.resource;
  const Person& person = *file.person;
  const auto prefixed = [&](bool refused, const std::set<std::string>& words) {
    std::set<std::string> told;
    for (const std::string& word : words)
      told.insert(absl::StrCat(refused ? "refused " : "warned ", WithoutIndexes(word)));
    return told;
  };
  const auto refuse = [&](const std::set<std::string>& words) {
    counts.set_refused_count(counts.refused_count() + 1);
    return prefixed(true, words);
  };
  Record* before = nullptr;
  const std::string key = cells.at(resource.import_key);
  for (Record& record : world_.Of(resource.collection)) {
    const bool same = First(record.now(), resource.import_key) == key;
    if (!key.empty() && same &&
        world_.Reaches(person, resource.collection + ".write", resource, record.name, record.now())) {
      before = &record;
    }
  }
  Row after = before == nullptr ? Row() : before->now();
  std::set<std::string> immutable;
  for (const std::string& column : file.columns) {
    const Field* field = resource.Find(column);
    const std::string& cell = cells.at(column);
    if (before != nullptr && field->immutable && cell != First(before->now(), column))
      immutable.insert(column + ":IMMUTABLE_FIELD");
    after.erase(column);
    if (!cell.empty())
      after[column] = field->repeated ? std::vector<std::string>(absl::StrSplit(cell, ';')) : std::vector{cell};
  }
  if (!immutable.empty()) return refuse({absl::StrJoin(immutable, " ")});
  std::set<std::string> blind;
  if (before != nullptr) blind = world_.Blind(person, resource, *before, {file.columns.begin(), file.columns.end()});
  if (before != nullptr && blind.empty() && after == before->now()) {
    counts.set_unchanged_count(counts.unchanged_count() + 1);
    return std::nullopt;
  }
  const std::string name =
      before != nullptr ? before->name : absl::StrCat(resource.collection, "/?", world_.Of(resource.collection).size());
  const Row kept = before == nullptr ? Row() : World::Without(before->now(), blind);
  const Row* was = before == nullptr ? nullptr : &kept;
  const std::vector<Fault> faults = world_.Faults(person, resource, name, was, after);
  const std::set<std::string> told = Words(faults, "", true);
  if (Refusal(faults, "") != kFine) return refuse(told);
  const Sayings stores = world_.Stores(person, resource, name, was, after);
  if (stores != kFine) {
    std::set<std::string> words;
    for (const std::string& said : stores) {
      for (const std::string& warning : told) {
        words.insert(absl::StrCat(":", said.substr(said.find(' ') + 1), warning.empty() ? "" : " ", warning));
      }
    }
    return refuse(words);
  }
  if (before != nullptr) {
    before->revisions.push_back(after);
    counts.set_updated_count(counts.updated_count() + 1);
  } else {
    world_.Of(resource.collection).push_back({name, {after}});
    counts.set_created_count(counts.created_count() + 1);
  }
  if (told.count("") != 0) return std::nullopt;
  counts.set_warned_count(counts.warned_count() + 1);
  return prefixed(false, told);
}

void Calls::Import(const Person& person, const Resource& resource) {
  File file = AFile(person, resource);
  Note(person, absl::StrCat("Import ", TextOfRequest(file.options), "\n", file.text));
  const bool may = person.May("rows.import") && person.May(resource.collection + ".write");
  const std::vector<Record> saved = world_.Of(resource.collection);
  platform_v1::ImportSummary counts;
  std::vector<std::set<std::string>> rows;
  for (size_t i = 0; may && i < file.cells.size(); ++i) {
    const auto is_blank = [&](const std::string& column) { return file.cells[i].at(column).empty(); };
    if (std::all_of(file.columns.begin(), file.columns.end(), is_blank)) continue;  // such a row is passed over
    const auto told = ImportRow(file, file.cells[i], counts);
    if (!told.has_value()) continue;
    rows.emplace_back();
    for (const std::string& one : *told) rows.back().insert(absl::StrCat(i + 2, " ", one));
  }
  file.outcome = ImportCsv(person.caller, file.options, file.text);
  const Imported outcome = WithoutHints(file.outcome);
  const bool undone = file.options.atomic() && counts.refused_count() > 0;
  if (!may || undone || file.options.dry_run()) world_.Of(resource.collection) = saved;
  if (!may) return Says(wire::Said(outcome.status), {"PERMISSION_DENIED PERMISSION_DENIED"});
  Says(wire::Said(outcome.status),
       {undone && !file.options.dry_run() ? "FAILED_PRECONDITION ATOMIC_IMPORT_REFUSED" : "OK"});
  ASSERT_EQ(outcome.rows.size(), rows.size()) << absl::StrJoin(outcome.rows, "\n");
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_EQ(rows[i].count(outcome.rows[i]), 1u)
        << outcome.rows[i] << "\nand should have been " << absl::StrJoin(rows[i], "\nor ");
  }
  EXPECT_EQ(outcome.counts.refused_count(), counts.refused_count());
  if (undone && !file.options.dry_run()) return;
  EXPECT_EQ(outcome.counts.created_count(), counts.created_count());
  EXPECT_EQ(outcome.counts.updated_count(), counts.updated_count());
  EXPECT_EQ(outcome.counts.unchanged_count(), counts.unchanged_count());
  EXPECT_EQ(outcome.counts.warned_count(), counts.warned_count());
  if (file.options.dry_run()) return;
  Adopt(resource);
  file_ = std::move(file);
}

// The same file under the same id has the same result, whatever has changed since.
void Calls::ImportAgain() {
  if (!file_.has_value()) return;
  Note(*file_->person, absl::StrCat("Import again ", TextOfRequest(file_->options)));
  const Imported again = ImportCsv(file_->person->caller, file_->options, file_->text);
  Says(wire::Said(again.status), kFine);
  EXPECT_EQ(again.summary, file_->outcome.summary);
  EXPECT_EQ(again.rows, file_->outcome.rows);
}

void Calls::Adopt(const Resource& resource) {
  const auto request = resource.New(absl::StrCat("List", resource.nouns, "Request"));
  Set(*request, "page_size", {"1000"});
  const auto answer = resource.New(absl::StrCat("List", resource.nouns, "Response"));
  ASSERT_EQ(wire::Said(resource.send_list(people_[0].caller, resource.Method("List", true), *request, *answer)), "OK");
  std::vector<Record>& records = world_.Of(resource.collection);
  for (const Message* shown : RecordsIn(*answer, resource.collection)) {
    const std::string name = TextOf(*shown, "name");
    Record* record = world_.FindRecord(name);
    for (size_t i = 0; record == nullptr && i < records.size(); ++i) {
      if (records[i].create_time == 0 && records[i].now() == RowOf(resource, *shown)) record = &records[i];
    }
    ASSERT_NE(record, nullptr) << "nobody has made " << shown->ShortDebugString();
    record->name = name;
    record->create_time = Micros(*shown, "create_time");
    record->update_time = Micros(*shown, "update_time");
  }
  for (const Record& record : records) EXPECT_NE(record.create_time, 0) << "an imported record is not there";
}

}  // namespace tsunagu::wire::model
