#include "common/print/document.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace tsunagu::print {
namespace {

struct Free {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
  void operator()(PangoAttrList* attributes) const { pango_attr_list_unref(attributes); }
  void operator()(FcPattern* pattern) const { FcPatternDestroy(pattern); }
  void operator()(FcObjectSet* set) const { FcObjectSetDestroy(set); }
  void operator()(FcFontSet* set) const { FcFontSetDestroy(set); }
};
template <typename T>
using Held = std::unique_ptr<T, Free>;

// The first of these fonts that exists; the others supply the characters that it lacks.
constexpr char kFamilies[] = "Noto Serif CJK JP,Noto Sans CJK JP,IPAexMincho,IPAexGothic,serif";
constexpr double kLeastPart = 1.0 / 3;
constexpr int kQuietZone = 4;  // modules; the standard asks for them

double Points(double millimetres) { return millimetres * 72 / 25.4; }

cairo_status_t Append(void* out, const unsigned char* bytes, unsigned int size) {
  static_cast<std::string*>(out)->append(reinterpret_cast<const char*>(bytes), size);
  return CAIRO_STATUS_SUCCESS;
}

// Pango aborts the process when there is no font at all, so this check comes before Pango is used.
bool HasJapaneseFont() {
  const Held<FcPattern> japanese(FcPatternBuild(nullptr, FC_LANG, FcTypeString, "ja", nullptr));
  const Held<FcObjectSet> nothing_more(FcObjectSetBuild(FC_FAMILY, nullptr));
  const Held<FcFontSet> fonts(FcFontList(nullptr, japanese.get(), nothing_more.get()));
  return fonts != nullptr && fonts->nfont > 0;
}

PangoAlignment AlignmentOf(Align align) {
  if (align == Align::kCentre) return PANGO_ALIGN_CENTER;
  return align == Align::kRight ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
}

// Disables the hinting that screens need: paper has no pixels.
void ForPaper(PangoContext* context) {
  const Held<cairo_font_options_t> options(cairo_font_options_create());
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context, options.get());
  pango_context_set_language(context, pango_language_from_string("ja"));
}

void SetSize(PangoLayout* layout, const Style& style, double points) {
  const Held<PangoFontDescription> font(pango_font_description_from_string(kFamilies));
  pango_font_description_set_absolute_size(font.get(), points * PANGO_SCALE);
  pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout, font.get());
}

struct Size {
  double width = 0, height = 0;  // points
};

Size SizeOf(PangoLayout* layout) {
  PangoRectangle logical;
  pango_layout_get_extents(layout, nullptr, &logical);
  return {static_cast<double>(logical.width) / PANGO_SCALE, static_cast<double>(logical.height) / PANGO_SCALE};
}

}  // namespace

struct Document::Parts {
  std::string ready;
  Held<cairo_surface_t> surface;
  Held<cairo_t> context;
};

Document::Document() : parts_(std::make_unique<Parts>()) {
  parts_->surface.reset(cairo_pdf_surface_create_for_stream(Append, &parts_->ready, Points(kWidth), Points(kHeight)));
  parts_->context.reset(cairo_create(parts_->surface.get()));
}

Document::~Document() {
  parts_->context.reset();
  parts_->surface.reset();  // writes into `ready`
}

absl::StatusOr<std::unique_ptr<Document>> Document::Begin(absl::string_view title, jp::CivilDay day) {
  if (!HasJapaneseFont()) return Fail("JAPANESE_FONT_MISSING"_reason);
  std::unique_ptr<Document> document(new Document());
  cairo_surface_t* surface = document->parts_->surface.get();
  const std::string made = absl::StrCat(jp::FormatIso(day), "T00:00:00+09:00");
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, std::string(title).c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, made.c_str());
  return document;
}

absl::StatusOr<double> Document::Text(const Box& box, const Style& style, absl::string_view text) {
  cairo_t* context = parts_->context.get();
  // Uses the font map of this thread, because Pango does not share font maps between threads.
  const Held<PangoLayout> layout(pango_cairo_create_layout(context));
  ForPaper(pango_layout_get_context(layout.get()));
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  pango_layout_set_alignment(layout.get(), AlignmentOf(style.align));
  if (style.spacing > 0) {
    const Held<PangoAttrList> attributes(pango_attr_list_new());
    pango_attr_list_insert(attributes.get(),
                           pango_attr_letter_spacing_new(static_cast<int>(style.spacing * PANGO_SCALE)));
    pango_layout_set_attributes(layout.get(), attributes.get());
  }
  const double width = Points(box.width), height = Points(box.height);
  if (!style.one_line) {
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  }
  Size size;
  for (double points = style.points; points > style.points * kLeastPart; points *= 0.95) {
    SetSize(layout.get(), style, points);
    size = SizeOf(layout.get());
    if (size.height <= height && (!style.one_line || size.width <= width)) break;
  }
  if (pango_layout_get_unknown_glyphs_count(layout.get()) > 0) return Fail("CHARACTER_NOT_PRINTABLE"_reason);
  double left = Points(box.left);
  if (style.one_line && style.align == Align::kCentre) left += (width - size.width) / 2;
  if (style.one_line && style.align == Align::kRight) left += width - size.width;
  cairo_move_to(context, left, Points(box.top));
  pango_cairo_show_layout(context, layout.get());
  return size.height * 25.4 / 72;
}

void Document::Line(double left, double top, double right, double bottom) {
  cairo_t* context = parts_->context.get();
  cairo_set_line_width(context, 0.5);
  cairo_move_to(context, Points(left), Points(top));
  cairo_line_to(context, Points(right), Points(bottom));
  cairo_stroke(context);
}

void Document::Code(double left, double top, double side, const QrCode& code) {
  const int width = code.width() + 2 * kQuietZone;
  const Held<cairo_surface_t> image(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, width));
  unsigned char* pixels = cairo_image_surface_get_data(image.get());
  const int stride = cairo_image_surface_get_stride(image.get());
  for (int y = 0; y < width; ++y) {
    auto* row = reinterpret_cast<uint32_t*>(pixels + static_cast<std::ptrdiff_t>(y) * stride);
    for (int x = 0; x < width; ++x) {
      const int column = x - kQuietZone, line = y - kQuietZone;
      const bool within = column >= 0 && line >= 0 && column < code.width() && line < code.width();
      row[x] = within && code.IsDark(column, line) ? 0 : 0xffffff;
    }
  }
  cairo_surface_mark_dirty(image.get());
  cairo_t* context = parts_->context.get();
  cairo_save(context);
  cairo_translate(context, Points(left), Points(top));
  cairo_scale(context, Points(side) / width, Points(side) / width);
  cairo_set_source_surface(context, image.get(), 0, 0);
  cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_NEAREST);  // keeps the edges sharp
  cairo_paint(context);
  cairo_restore(context);
}

void Document::EndPage() { cairo_show_page(parts_->context.get()); }

void Document::Keywords(absl::string_view words) {
  cairo_pdf_surface_set_metadata(parts_->surface.get(), CAIRO_PDF_METADATA_KEYWORDS, std::string(words).c_str());
}

absl::Status Document::Finish() {
  parts_->context.reset();
  cairo_surface_finish(parts_->surface.get());
  const cairo_status_t status = cairo_surface_status(parts_->surface.get());
  if (status == CAIRO_STATUS_SUCCESS) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("cairo: ", cairo_status_to_string(status)));
}

std::string Document::Take() { return std::exchange(parts_->ready, ""); }

}  // namespace tsunagu::print
