#include "common/service/sight.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "common/access/actor.h"
#include "common/base/status_macros.h"
#include "common/contract/schema.h"
#include "common/records/seen.h"
#include "common/records/store.h"
#include "common/records/table.h"
#include "common/service/service.h"

namespace tsunagu {
namespace {

using contract::Schema;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool Reaches(const Descriptor* type, std::set<const Descriptor*>& seen) {
  if (!seen.insert(type).second) return false;
  if (Schema::IsRecord(type) && Schema::Of(type).rule().personal()) return true;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && Reaches(field->message_type(), seen)) return true;
  }
  return false;
}

class HidingStream : public rpc::Stream {
 public:
  HidingStream(rpc::Call& call, std::unique_ptr<rpc::Stream> inner, store::Store& store)
      : call_(call), inner_(std::move(inner)), store_(store), sight_(call, store) {}
  absl::Status Push(const Message& request) override { return inner_->Push(request); }
  absl::Status Close() override { return inner_->Close(); }
  absl::StatusOr<Pull> Next(Message& response) override {
    ASSIGN_OR_RETURN(const Pull pull, inner_->Next(response));
    if (pull != Pull::kMessage) return pull;
    ASSIGN_OR_RETURN(const std::vector<std::string> visible, sight_.Hide(response));
    if (!visible.empty()) {
      RETURN_IF_ERROR(store_.LogAccess(ActorOf(call_), call_.deadline, visible));
    }
    return pull;
  }

 private:
  rpc::Call& call_;
  const std::unique_ptr<rpc::Stream> inner_;
  store::Store& store_;
  Sight sight_;
};

}  // namespace

bool Sight::Concerns(const Descriptor* type) {
  thread_local std::unordered_map<const Descriptor*, bool> known;  // needed for every message that is sent
  const auto found = known.find(type);
  if (found != known.end()) return found->second;
  std::set<const Descriptor*> seen;
  return known[type] = Reaches(type, seen);
}

Sight::Sight(const rpc::Call& call, store::Store& store) : call_(call), store_(store) {}

const Sight::Reach& Sight::ReachOf(const Schema& schema) {
  const auto [found, fresh] = reach_.try_emplace(&schema);
  if (fresh) {
    const auto scope = [&](Privacy privacy) {
      return store::ScopeOfSeeing(call_.principal, call_.headers.purpose, schema, privacy);
    };
    found->second = {scope(PRIVACY_IDENTIFYING), scope(PRIVACY_CONFIDENTIAL)};
  }
  return found->second;
}

// When an ancestor decides who may see a record, reads the ancestor, once per call.
absl::StatusOr<std::vector<std::string>> Sight::KeysOf(const Schema& schema, const Message& record) {
  store::Table* table = &schema.access() == &schema ? nullptr : store_.FindTableOfType(schema.type());
  if (table == nullptr) return store::AccessKeysOn(schema, store_.places(), record, store_.Today());
  const std::string above(table->AccessOwner(schema.NameIn(record)).second);
  if (const auto found = keys_above_.find(above); found != keys_above_.end()) return found->second;
  std::vector<std::string> keys;
  RETURN_IF_ERROR(store_.Read(ActorOf(call_), call_.deadline, [&](store::View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<store::AccessKey> all, table->AccessOf(view, record));
    keys = store::KeysOn(all, store_.Today());
    return absl::OkStatus();
  }));
  keys_above_.emplace(above, keys);
  return keys;
}

absl::StatusOr<bool> Sight::Lasts(const Schema& schema, const Message& record) {
  store::Table* table = store_.FindTableOfType(schema.type());
  bool lasts = false;
  RETURN_IF_ERROR(store_.Read(ActorOf(call_), call_.deadline, [&](store::View& view) -> absl::Status {
    const auto now = table->Get(view, schema.NameIn(record));
    if (absl::IsNotFound(now.status())) return absl::OkStatus();
    RETURN_IF_ERROR(now.status());
    lasts = table->sighting->lasts(**now, store_.Today());
    return absl::OkStatus();
  }));
  return lasts;
}

absl::Status Sight::HideRecord(Message& record, std::vector<std::string>& visible) {
  const Schema& schema = Schema::Of(record.GetDescriptor());
  ASSIGN_OR_RETURN(std::vector<std::string> keys, KeysOf(schema, record));
  const Reach& reach = ReachOf(schema);
  bool identity = reach.identifying.Meets(keys), confidential = reach.confidential.Meets(keys);
  const store::Table* table = identity || confidential ? store_.FindTableOfType(schema.type()) : nullptr;
  if (table != nullptr && table->sighting) {
    const store::Record without(record.New());
    without->CopyFrom(record);
    without->GetReflection()->ClearField(without.get(), schema.Find(table->sighting->key)->descriptor);
    ASSIGN_OR_RETURN(keys, KeysOf(schema, *without));
    const bool others_identity = reach.identifying.Meets(keys), others_confidential = reach.confidential.Meets(keys);
    if (identity != others_identity || confidential != others_confidential) {
      ASSIGN_OR_RETURN(const bool lasts, Lasts(schema, record));
      identity = identity && (lasts || others_identity);
      confidential = confidential && (lasts || others_confidential);
    }
  }
  bool shows = false;
  for (const contract::Field& field : schema.fields()) {
    const Privacy privacy = field.rule.privacy();
    if (privacy == PRIVACY_UNSPECIFIED) continue;
    if (privacy == PRIVACY_IDENTIFYING ? identity : confidential) {
      shows = true;
    } else {
      record.GetReflection()->ClearField(&record, field.descriptor);
    }
  }
  if (shows) visible.push_back(schema.NameIn(record));
  return absl::OkStatus();
}

absl::Status Sight::HideWithin(Message& message, std::vector<std::string>& visible) {
  const Descriptor* type = message.GetDescriptor();
  if (Schema::IsRecord(type) && Schema::Of(type).rule().personal()) return HideRecord(message, visible);
  const auto& reflection = *message.GetReflection();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || !Concerns(field->message_type())) continue;
    if (field->is_repeated()) {
      for (int j = 0; j < reflection.FieldSize(message, field); ++j) {
        RETURN_IF_ERROR(HideWithin(*reflection.MutableRepeatedMessage(&message, field, j), visible));
      }
    } else if (reflection.HasField(message, field)) {
      RETURN_IF_ERROR(HideWithin(*reflection.MutableMessage(&message, field), visible));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> Sight::Hide(Message& message) {
  std::vector<std::string> visible;
  if (Concerns(message.GetDescriptor())) RETURN_IF_ERROR(HideWithin(message, visible));
  return visible;
}

rpc::StreamFactory HidePersonal(rpc::StreamFactory open, store::Store& store) {
  return [open = std::move(open), &store](rpc::Call& call) -> std::unique_ptr<rpc::Stream> {
    return std::make_unique<HidingStream>(call, open(call), store);
  };
}

}  // namespace tsunagu
