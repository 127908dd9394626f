#include "common/base/cipher.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace tsunagu {
namespace {

std::string Hex(absl::string_view text) { return absl::HexStringToBytes(std::string(text)); }

// NIST: the GCM submission (McGrew and Viega, cases 13 to 16) and CAVP gcmEncryptExtIV256.rsp.
struct Vector {
  const char* name;
  const char* key;
  const char* nonce;
  const char* context;
  const char* plain;
  const char* cipher;
  const char* tag;
};

constexpr char kZeroKey[] = "0000000000000000000000000000000000000000000000000000000000000000";
constexpr char kLongKey[] = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
constexpr char kLongPlain[] =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657"
    "ba637b391aafd255";
constexpr char kLongCipher[] =
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0a"
    "bcc9f662898015ad";

const Vector kVectors[] = {
    {"case 13", kZeroKey, "000000000000000000000000", "", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"case 14", kZeroKey, "000000000000000000000000", "", "00000000000000000000000000000000",
     "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
    {"case 15", kLongKey, "cafebabefacedbaddecaf888", "", kLongPlain, kLongCipher, "b094dac5d93471bdec1a502270e3cc6c"},
    {"case 16", kLongKey, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de65"
     "7ba637b39",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a"
     "0abcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
    {"CAVP without text", "b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4",
     "516c33929df5a3284ff463d7", "", "", "", "bdc1ac884d332457a1d2664f168c76f0"},
    {"CAVP with a context", "78dc4e0aaf52d935c3c01eea57428f00ca1fd475f5da86a49c8dd73d68c8e223",
     "d79cf22d504cc793c3fb6c8a", "b96baa8c1c75a671bfb2d08d06be5f36", "", "", "3e5d486aa2e30b22e040b85723a06e76"},
};

TEST(CipherTest, MakesWhatNistSays) {
  for (const Vector& v : kVectors) {
    const std::string encrypted = EncryptWithNonce(Hex(v.key), Hex(v.nonce), Hex(v.context), Hex(v.plain));
    EXPECT_EQ(absl::BytesToHexString(encrypted), absl::StrCat(v.nonce, v.cipher, v.tag)) << v.name;
    const auto opened = Decrypt(Hex(v.key), Hex(v.context), encrypted);
    ASSERT_TRUE(opened.ok()) << v.name << opened.status();
    EXPECT_EQ(*opened, Hex(v.plain)) << v.name;
  }
}

TEST(CipherTest, RefusesEachChangedBitOfEachByte) {
  const std::string key(kCipherKeyBytes, 'k'), encrypted = Encrypt(key, "nurses/a identity", "見本 花子");
  for (size_t i = 0; i < encrypted.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed = encrypted;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      EXPECT_TRUE(absl::IsDataLoss(Decrypt(key, "nurses/a identity", changed).status())) << i << ", " << bit;
    }
  }
  for (size_t length = 0; length < encrypted.size(); ++length) {
    EXPECT_TRUE(absl::IsDataLoss(Decrypt(key, "nurses/a identity", encrypted.substr(0, length)).status())) << length;
  }
}

TEST(CipherTest, RefusesAnotherContextOrKey) {
  const std::string key(kCipherKeyBytes, 'k'), encrypted = Encrypt(key, "nurses/a identity", "見本 花子");
  EXPECT_TRUE(Decrypt(key, "nurses/a identity", encrypted).ok());
  for (const char* context : {"", "nurses/b identity", "nurses/a journal/1", "nurses/a identity "}) {
    EXPECT_TRUE(absl::IsDataLoss(Decrypt(key, context, encrypted).status())) << context;
  }
  EXPECT_TRUE(absl::IsDataLoss(Decrypt(std::string(kCipherKeyBytes, 'l'), "nurses/a identity", encrypted).status()));
}

TEST(CipherTest, IsNeverTwiceTheSame) {
  const std::string key(kCipherKeyBytes, 'k');
  EXPECT_NE(Encrypt(key, "", "text"), Encrypt(key, "", "text"));
}

}  // namespace
}  // namespace tsunagu
