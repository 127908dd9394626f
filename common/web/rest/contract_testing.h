#ifndef TSUNAGU_COMMON_WEB_CONTRACT_TESTING_H_
#define TSUNAGU_COMMON_WEB_CONTRACT_TESTING_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/compiler/parser.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "gtest/gtest.h"
#include "tsunagu/options.pb.h"

// For tests: a contract written in the test itself.
namespace tsunagu::web {

class TestContract {
 public:
  // `body` follows the line of package testing and the usual imports.
  explicit TestContract(const std::string& body) {
    std::string text = R"(syntax = "proto3"; package testing;)";
    for (const auto* imported :
         {google::api::HttpRule::descriptor()->file(), google::protobuf::Duration::descriptor()->file(),
          google::protobuf::FieldMask::descriptor()->file(), google::protobuf::Timestamp::descriptor()->file(),
          google::type::Date::descriptor()->file(), tsunagu::FieldRule::descriptor()->file()}) {
      absl::StrAppend(&text, "import \"", imported->name(), "\";");
    }
    absl::StrAppend(&text, "import \"google/api/annotations.proto\";", body);
    google::protobuf::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
    google::protobuf::io::Tokenizer tokenizer(&input, nullptr);
    google::protobuf::FileDescriptorProto proto;
    proto.set_name("testing.proto");
    const bool parsed = google::protobuf::compiler::Parser().Parse(&tokenizer, &proto);
    file_ = parsed ? pool_.BuildFile(proto) : nullptr;
    EXPECT_NE(file_, nullptr) << text;
  }

  // Returns the methods of all its services.
  std::vector<const google::protobuf::MethodDescriptor*> methods() const {
    std::vector<const google::protobuf::MethodDescriptor*> methods;
    for (int i = 0; i < file_->service_count(); ++i) {
      for (int k = 0; k < file_->service(i)->method_count(); ++k) methods.push_back(file_->service(i)->method(k));
    }
    return methods;
  }
  std::unique_ptr<google::protobuf::Message> New(const std::string& type) {
    return std::unique_ptr<google::protobuf::Message>(
        factory_.GetPrototype(pool_.FindMessageTypeByName("testing." + type))->New());
  }

 private:
  google::protobuf::DescriptorPool pool_{google::protobuf::DescriptorPool::generated_pool()};
  google::protobuf::DynamicMessageFactory factory_{&pool_};
  const google::protobuf::FileDescriptor* file_ = nullptr;
};

}  // namespace tsunagu::web

#endif  // TSUNAGU_COMMON_WEB_CONTRACT_TESTING_H_
