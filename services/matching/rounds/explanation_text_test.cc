#include "services/matching/rounds/explanation_text.h"

#include "gtest/gtest.h"

namespace tsunagu::matching {
namespace {

TEST(ExplanationText, EveryBlockerHasAName) {
  const auto& blockers = *v1::Blocker_descriptor();
  for (int i = 0; i < blockers.value_count(); ++i) {
    const auto blocker = static_cast<v1::Blocker>(blockers.value(i)->number());
    if (blocker == v1::BLOCKER_UNSPECIFIED) continue;
    EXPECT_NE(NameOf(blocker).ja(), "") << blockers.value(i)->name();
    EXPECT_NE(NameOf(blocker).en(), "") << blockers.value(i)->name();
  }
}

}  // namespace
}  // namespace tsunagu::matching
