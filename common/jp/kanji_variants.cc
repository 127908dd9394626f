#include "common/jp/kanji_variants.h"

#include <cstddef>
#include <unordered_map>

namespace tsunagu::jp {
namespace {

// Sources: the forms in brackets of 常用漢字表 (平成22年内閣告示第2号), those of 人名用漢字 (戸籍法施行規則 別表第二),
// and shapes in names of people and places that are in neither (髙 﨑 𠮷 邉 濵 槗 㐂). Compatibility ideographs (U+F900
// to U+FAFF, such as 神 U+FA19) are not here, because NFKC replaces them. 﨑 is here, because Unicode treats it as a
// separate character. Other characters with the same sound (崎 埼 碕, 島 洲, 川 河) make other names and stay
// different, with one exception: 斎 斉 and their old forms 齋 齊 are so often confused in サイトウ that they share a
// key.
constexpr char32_t kPairs[] =
    U"髙高 﨑崎 嵜崎 𠮷吉 邉辺 邊辺 濵浜 濱浜 澤沢 齋斉 斎斉 齊斉 槗橋 𣘺橋 德徳 眞真 廣広 國国 圀国 櫻桜 嶋島 嶌島 "
    U"龍竜 龜亀 瀧滝 澁渋 豐豊 壽寿 榮栄 學学 會会 惠恵 黑黒 靑青 淸清 橫横 增増 黃黄 吳呉 內内 敎教 緖緒 曾曽 曻昇 "
    U"冨富 峯峰 舘館 埜野 薮藪 渕淵 渊淵 檜桧 鷗鴎 條条 藏蔵 與与 萬万 傳伝 彌弥 禰祢 禮礼 晉晋 槇槙 堯尭 遙遥 瑤瑶 "
    U"亞亜 巖巌 嚴厳 實実 壯壮 將将 尙尚 圓円 團団 鐵鉄 鐡鉄 縣県 關関 區区 醫医 號号 經経 總総 聰聡 顯顕 賴頼 瀨瀬 "
    U"嶽岳 蘆芦 篭籠 灣湾 驒騨 鰺鯵 檮梼 濤涛 穗穂 莊荘 藝芸 寬寛 廳庁 應応 來来 靜静 濟済 淺浅 戶戸 步歩 每毎 "
    U"桒桑 栁柳 桺柳 枩松 柗松 舩船 圡土 恆恒 彥彦 鄕郷 鄉郷 郞郎 勳勲 薰薫 佛仏 單単 㐂喜 圖図 壹壱 貳弐 參参 夲本 "
    U"姬姫 寳宝 寶宝 對対 巢巣 帶帯 從従 數数 曉暁 樂楽 檢検 歷歴 歸帰 氣気 滿満 潛潜 燈灯 產産 當当 祿禄 稻稲 頴穎 "
    U"竝並 絲糸 綠緑 繩縄 臺台 舊旧 藥薬 螢蛍 衞衛 覺覚 觀観 讓譲 豫予 辨弁 瓣弁 辯弁 輕軽 鄰隣 釋釈 錄録 鎭鎮 雙双 "
    U"靈霊 餘余 驛駅 鷄鶏 鹽塩 麥麦 點点 齒歯 齡齢 龝秋 凜凛 籏旗 萊莱 ";

using Table = std::unordered_map<char32_t, char32_t>;

Table MakeTable() {
  Table table;
  const std::u32string& pairs = KanjiVariantPairs();
  for (size_t i = 0; i + 2 < pairs.size(); i += 3) table.emplace(pairs[i], pairs[i + 1]);
  return table;
}

}  // namespace

char32_t EverydayKanji(char32_t c) {
  static const Table* const table = new Table(MakeTable());
  const auto found = table->find(c);
  return found == table->end() ? c : found->second;
}

const std::u32string& KanjiVariantPairs() {
  static const std::u32string* const pairs = new std::u32string(kPairs);
  return *pairs;
}

}  // namespace tsunagu::jp
