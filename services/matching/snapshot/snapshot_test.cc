#include "services/matching/snapshot/snapshot.h"

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tsunagu/matching/v1/reason.pb.h"

namespace tsunagu::matching {
namespace {

v1::Snapshot Two() {
  v1::Snapshot snapshot;
  snapshot.add_nurses()->set_name("nurses/b");
  snapshot.add_nurses()->set_name("nurses/a");
  return snapshot;
}

TEST(CanonicaliseTest, TheOrderOfRowsIsThatOfTheirNames) {
  v1::Snapshot snapshot = Two();
  ASSERT_TRUE(Canonicalise(snapshot).ok());
  EXPECT_EQ(snapshot.nurses(0).name(), "nurses/a");
  v1::Snapshot other = Two();
  other.mutable_nurses()->SwapElements(0, 1);
  ASSERT_TRUE(Canonicalise(other).ok());
  EXPECT_EQ(DigestOf(snapshot), DigestOf(other));
}

TEST(CanonicaliseTest, NobodyTakesPartTwice) {
  Reason::Declare(v1::Reason_descriptor());
  v1::Snapshot snapshot = Two();
  snapshot.mutable_nurses(0)->set_name("nurses/a");
  EXPECT_EQ(ReasonOf(Canonicalise(snapshot)), Reason("DUPLICATE_PARTICIPANT"));
}

// What is kept are rows: what stands beside them would be in the digest, and lost.
TEST(CanonicaliseTest, FieldsOfANewerContractAreLeftOut) {
  v1::Snapshot snapshot = Two(), newer = Two();
  newer.GetReflection()->MutableUnknownFields(&newer)->AddVarint(1000, 1);
  newer.mutable_nurses(0)->GetReflection()->MutableUnknownFields(newer.mutable_nurses(0))->AddVarint(1000, 1);
  ASSERT_TRUE(Canonicalise(snapshot).ok() && Canonicalise(newer).ok());
  EXPECT_EQ(DigestOf(snapshot), DigestOf(newer));
}

}  // namespace
}  // namespace tsunagu::matching
