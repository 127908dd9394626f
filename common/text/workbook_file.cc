#include <algorithm>
#include <utility>

#include "common/base/status_macros.h"
#include "common/text/row_sink.h"
#include "common/text/sheet/spool.h"

namespace tsunagu {
namespace {

constexpr size_t kPieceBytes = 256 << 10;

class WorkbookSink : public RowSink {
 public:
  WorkbookSink(sheet::Spool spool, std::unique_ptr<sheet::Writer> writer)
      : spool_(std::move(spool)), writer_(std::move(writer)) {}

  absl::StatusOr<absl::optional<Fault>> Add(std::vector<std::string> cells) override {
    RETURN_IF_ERROR(writer_->Add(cells));
    return absl::optional<Fault>();
  }

  absl::Status Finish() override {
    RETURN_IF_ERROR(writer_->Finish());
    complete_ = true;
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> Take() override {
    if (!complete_) return "";
    std::string piece(kPieceBytes, '\0');
    ASSIGN_OR_RETURN(const size_t size, spool_.Read(taken_, absl::MakeSpan(&piece[0], piece.size())));
    taken_ += static_cast<int64_t>(size);
    piece.resize(size);
    return piece;
  }

 private:
  sheet::Spool spool_;
  std::unique_ptr<sheet::Writer> writer_;
  bool complete_ = false;
  int64_t taken_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<RowSink>> WorkbookFile(sheet::Layout layout) {
  ASSIGN_OR_RETURN(sheet::Spool spool, sheet::Spool::Create(0));
  // The library writes through the path, not through Append.
  const std::string path = spool.path();
  ASSIGN_OR_RETURN(std::unique_ptr<sheet::Writer> writer, sheet::Writer::Create(std::move(layout), path));
  return std::make_unique<WorkbookSink>(std::move(spool), std::move(writer));
}

}  // namespace tsunagu
