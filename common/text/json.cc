#include "common/text/json.h"

#include <algorithm>
#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"
#include "common/contract/values.h"
#include "common/jp/cp932.h"
#include "common/text/columns.h"
#include "common/text/json_values.h"
#include "nlohmann/json.hpp"

namespace tsunagu::contract {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kMaxBytes = 4 * 1024 * 1024;
constexpr int kMaxDepth = 32;

absl::Status MalformedAt(absl::string_view json, size_t offset, absl::string_view what) {
  int line = 1;
  int column = 1;
  for (const char c : json.substr(0, offset)) {
    column = c == '\n' ? 1 : column + BeginsCharacter(c);
    line += c == '\n';
  }
  return Fail("MALFORMED_JSON"_reason, {{"detail", absl::StrCat(line, ":", column, what)}});
}

// Returns the position of the bracket that opens one level too many, else npos. Also accepts text that is not JSON.
size_t TooDeepAt(absl::string_view json) {
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (quoted && c == '\\') ++i;
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if ((c == '{' || c == '[') && ++depth > kMaxDepth) return i;
    depth -= c == '}' || c == ']';
  }
  return absl::string_view::npos;
}

// Fills a message while nlohmann's parser reads the text.
class Filler : public nlohmann::json::json_sax_t {
 public:
  Filler(Message& root, bool as_in_cells) : root_(root), as_in_cells_(as_in_cells) {}

  // Returns the syntax error, or all faults of the fields.
  absl::Status Result(absl::string_view json) const {
    if (stopped_at_ != absl::string_view::npos) return MalformedAt(json, stopped_at_, "");
    if (!is_object_) return MalformedAt(json, 0, " {");
    return faults_.ToStatus();
  }

  bool null() override {
    const bool is_absence = frames_.empty() || frames_.back().kind == Frame::kObject;
    if (!is_absence && NextSlot().field != nullptr) Refuse("MALFORMED_VALUE"_reason);
    return true;
  }
  bool boolean(bool value) override { return Scalar(value); }
  bool number_integer(int64_t value) override { return Scalar(value); }
  bool number_unsigned(uint64_t value) override { return Scalar(value); }
  bool number_float(double value, const std::string&) override { return Scalar(value); }
  bool string(std::string& value) override { return Scalar(std::move(value)); }
  bool binary(nlohmann::json::binary_t&) override { return false; }

  bool start_object(size_t) override {
    if (frames_.empty()) {
      is_object_ = true;
      return Open({Frame::kObject, &root_});
    }
    const Slot slot = NextSlot();
    if (slot.field == nullptr) return Open({Frame::kIgnored});
    if (slot.field->is_map() && !slot.is_item) return Open({Frame::kMap, slot.message, slot.field});
    const bool fits = slot.field->is_repeated() == slot.is_item && slot.field->message_type() != nullptr &&
                      IsJsonObject(*slot.field->message_type());
    if (!fits) return RefuseAndIgnore();
    const auto* reflection = slot.message->GetReflection();
    return Open({Frame::kObject, slot.is_item ? reflection->AddMessage(slot.message, slot.field)
                                              : reflection->MutableMessage(slot.message, slot.field)});
  }

  bool start_array(size_t) override {
    if (frames_.empty()) return Open({Frame::kIgnored});
    const Slot slot = NextSlot();
    if (slot.field == nullptr) return Open({Frame::kIgnored});
    if (slot.is_item || !slot.field->is_repeated() || slot.field->is_map()) return RefuseAndIgnore();
    return Open({Frame::kArray, slot.message, slot.field});
  }

  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }

  bool key(std::string& key) override {
    Frame& frame = frames_.back();
    if (frame.kind == Frame::kIgnored) return true;
    frame.key = key;
    if (frame.kind == Frame::kMap) return MapKey(frame);
    frame.field = FindJsonField(*frame.message->GetDescriptor(), key);
    if (frame.field != nullptr) frame.key = frame.field->name();
    if (!frame.seen.insert(frame.key).second) {
      Refuse("DUPLICATE_FIELD"_reason);
      frame.field = nullptr;
    } else if (frame.field == nullptr) {
      Refuse("UNKNOWN_FIELD"_reason);
    } else if (HasRival(frame)) {
      Refuse("MALFORMED_VALUE"_reason);
      frame.field = nullptr;
    }
    return true;
  }

  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) override {
    stopped_at_ = position == 0 ? 0 : position - 1;
    return false;
  }

 private:
  // An object, list or map that is open.
  struct Frame {
    enum Kind { kObject, kArray, kMap, kIgnored };
    Kind kind;
    Message* message = nullptr;              // the object; for a list or map, the message that contains it
    const FieldDescriptor* field = nullptr;  // the current field; null to ignore its value
    std::string key = {};
    int index = -1;
    Message* entry = nullptr;
    std::unordered_set<std::string> seen = {};
  };
  // Where the next value goes.
  struct Slot {
    Message* message = nullptr;
    const FieldDescriptor* field = nullptr;  // null: the value is ignored
    bool is_item = false;                    // the value is an item of a list
  };

  Slot NextSlot() {
    Frame& frame = frames_.back();
    switch (frame.kind) {
      case Frame::kObject:
        return {frame.message, frame.field};
      case Frame::kArray:
        ++frame.index;
        return {frame.message, frame.field, true};
      case Frame::kMap:
        if (frame.entry == nullptr) return {};
        return {frame.entry, frame.entry->GetDescriptor()->map_value()};
      case Frame::kIgnored:
        break;
    }
    return {};
  }

  bool Scalar(JsonScalar value) {
    if (frames_.empty()) return true;
    const Slot slot = NextSlot();
    if (slot.field == nullptr) return true;
    if (slot.field->is_repeated() != slot.is_item) {
      Refuse("MALFORMED_VALUE"_reason);
      return true;
    }
    const auto* word = absl::get_if<std::string>(&value);
    if (as_in_cells_ && word != nullptr && !word->empty() && slot.field->enum_type() != nullptr) {
      const auto named = ReadEnumWord(*word, *slot.field->enum_type());
      if (!named.ok()) {
        Refuse(named.status());
        return true;
      }
      value = int64_t{(*named)->number()};
    }
    if (absl::Status status = PutScalar(*slot.message, *slot.field, value); !status.ok()) Refuse(status);
    return true;
  }

  bool MapKey(Frame& frame) {
    frame.entry = nullptr;
    if (!frame.seen.insert(frame.key).second) {
      Refuse("DUPLICATE_FIELD"_reason);
      return true;
    }
    Message* entry = frame.message->GetReflection()->AddMessage(frame.message, frame.field);
    if (absl::Status status = PutMapKey(*entry, frame.key); !status.ok()) {
      Refuse(status);
      return true;
    }
    frame.entry = entry;
    return true;
  }

  // Returns whether another field of the same oneof is set already.
  static bool HasRival(const Frame& frame) {
    const auto* oneof = frame.field->real_containing_oneof();
    return oneof != nullptr && frame.message->GetReflection()->HasOneof(*frame.message, oneof);
  }

  bool Open(Frame frame) {
    frames_.push_back(std::move(frame));
    return true;
  }
  bool Close() {
    frames_.pop_back();
    return true;
  }
  bool RefuseAndIgnore() {
    Refuse("MALFORMED_VALUE"_reason);
    return Open({Frame::kIgnored});
  }
  void Refuse(Reason reason) { Refuse(Fail(reason)); }
  void Refuse(const absl::Status& status) {
    if (faults_.all().size() >= Faults::kMost) return faults_.Omit(1);
    faults_.Add(Path(), status);
  }

  // "area.tags[2]"
  std::string Path() const {
    std::string path;
    for (const Frame& frame : frames_) {
      if (frame.kind == Frame::kArray) {
        absl::StrAppend(&path, "[", std::max(frame.index, 0), "]");
      } else if (frame.kind != Frame::kIgnored) {
        absl::StrAppend(&path, path.empty() ? "" : ".", Clip(frame.key));
      }
    }
    return path;
  }

  Message& root_;
  const bool as_in_cells_;
  std::vector<Frame> frames_;
  Faults faults_;
  bool is_object_ = false;
  size_t stopped_at_ = absl::string_view::npos;
};

absl::Status Read(absl::string_view json, bool as_in_cells, Message& message) {
  if (json.size() > kMaxBytes) return Fail("MESSAGE_TOO_LARGE"_reason);
  if (!jp::IsUtf8(json)) return Fail("INVALID_UTF8"_reason);
  const size_t too_deep = TooDeepAt(json);
  if (too_deep != absl::string_view::npos) {
    return MalformedAt(json, too_deep, absl::StrCat(" more than ", kMaxDepth, " levels"));
  }
  std::unique_ptr<Message> fresh(message.New());
  Filler filler(*fresh, as_in_cells);
  nlohmann::json::sax_parse(json.begin(), json.end(), &filler);
  RETURN_IF_ERROR(filler.Result(json));
  message.GetReflection()->Swap(&message, fresh.get());
  return absl::OkStatus();
}

}  // namespace

absl::Status JsonToMessage(absl::string_view json, Message& message) { return Read(json, false, message); }

absl::Status JsonToMessageAsInCells(absl::string_view json, Message& message) { return Read(json, true, message); }

std::vector<std::string> FieldsNamed(absl::string_view json, const google::protobuf::Descriptor& type) {
  std::vector<std::string> names;
  const auto note = [&](int depth, nlohmann::json::parse_event_t event, const nlohmann::json& parsed) {
    if (event != nlohmann::json::parse_event_t::key) return true;
    const FieldDescriptor* field = depth == 1 ? FindJsonField(type, parsed.get<std::string>()) : nullptr;
    if (field != nullptr) names.push_back(field->name());
    return false;  // no value is kept
  };
  const auto left = nlohmann::json::parse(json.begin(), json.end(), note, /*allow_exceptions=*/false);
  return names;
}

}  // namespace tsunagu::contract
