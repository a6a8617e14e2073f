// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/gdal.hpp>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_http.h>
#include <algorithm>
#include <cpl_vsi.h>
#include <mutex>
#include <optional>
#include <zlib.h>

namespace stadtgdi::io::detail {

void register_drivers()
{
    static std::once_flag once;
    std::call_once(once, [] {
        if (GetGDALDriverManager()->GetDriverCount() == 0)
            GDALAllRegister();
    });
}

namespace {

CPLHTTPResult* refuse_to_fetch(const char* url, CSLConstList, GDALProgressFunc, void*, CPLHTTPFetchWriteFunc, void*, void*)
{
    CPLError(CE_Failure, CPLE_AppDefined, "Nothing is fetched from the network: %s", url);
    auto* result = static_cast<CPLHTTPResult*>(CPLCalloc(1, sizeof(CPLHTTPResult)));
    result->nStatus = 1;
    result->pszErrBuf = CPLStrdup("refused");
    return result;
}

}  // namespace

Messages::Messages()
{
    register_drivers();
    CPLHTTPPushFetchCallback(&refuse_to_fetch, nullptr);
    CPLPushErrorHandlerEx(&Messages::take, this);
    CPLErrorReset();
}

Messages::~Messages()
{
    CPLPopErrorHandler();
    CPLErrorReset();
    CPLHTTPPopFetchCallback();
}

void Messages::take(CPLErr level, CPLErrorNum, const char* text)
{
    auto* self = static_cast<Messages*>(CPLGetErrorHandlerUserData());
    auto& list = level >= CE_Failure ? self->m_failures : self->m_warnings;
    if (level >= CE_Warning && list.size() < 20)
        list.emplace_back(text);
}

std::string Messages::text() const
{
    if (!m_failures.empty())
        return m_failures.front();
    return m_warnings.empty() ? "" : m_warnings.front();
}

void Messages::clear()
{
    m_failures.clear();
    m_warnings.clear();
    CPLErrorReset();
}

Setting::Setting(const char* name, const char* value) : m_name(name)
{
    if (const char* before = CPLGetThreadLocalConfigOption(name, nullptr)) {
        m_before = before;
        m_had = true;
    }
    CPLSetThreadLocalConfigOption(name, value);
}

Setting::~Setting()
{
    CPLSetThreadLocalConfigOption(m_name, m_had ? m_before.c_str() : nullptr);
}

void DatasetCloser::operator()(GDALDataset* dataset) const
{
    // Closing may complain (a locked file, say); what matters was checked before.
    CPLPushErrorHandler(CPLQuietErrorHandler);
    GDALClose(GDALDataset::ToHandle(dataset));
    CPLPopErrorHandler();
}

std::string crs_code(const OGRSpatialReference* reference)
{
    if (!reference || reference->IsEmpty())
        return "";
    OGRSpatialReference flat(*reference);
    if (flat.IsCompound())
        flat.StripVertical();
    else if (flat.GetAxesCount() == 3)
        flat.DemoteTo2D(nullptr);  // EPSG:4979 of GeoJSON with heights
    const auto code = [](const OGRSpatialReference& from) -> std::string {
        const char* authority = from.GetAuthorityName(nullptr);
        const char* number = from.GetAuthorityCode(nullptr);
        if (!authority || !number)
            return "";
        // The same coordinates as EPSG:4326 in the order used here.
        if (EQUAL(authority, "OGC") && EQUAL(number, "CRS84"))
            return "EPSG:4326";
        return std::string(authority) + ":" + number;
    };
    if (const std::string known = code(flat); !known.empty())
        return known;
    // Shapefiles and others carry a description without a code.
    int count = 0;
    int* confidence = nullptr;
    OGRSpatialReferenceH* matches = OSRFindMatches(OGRSpatialReference::ToHandle(&flat), nullptr, &count, &confidence);
    std::string found;
    if (count > 0 && confidence[0] >= 90)
        found = code(*OGRSpatialReference::FromHandle(matches[0]));
    OSRFreeSRSArray(matches);
    CPLFree(confidence);
    return found;
}

bool northing_first(const OGRSpatialReference* reference)
{
    if (!reference || reference->IsEmpty())
        return false;
    if (!reference->EPSGTreatsAsLatLong() && !reference->EPSGTreatsAsNorthingEasting())
        return false;
    const std::vector<int>& mapping = reference->GetDataAxisToSRSAxisMapping();
    return mapping.size() >= 2 && mapping[0] == 1;
}

OGRSpatialReference reference_of(const std::string& code)
{
    OGRSpatialReference reference;
    reference.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    if (!code.empty() && reference.SetFromUserInput(code.c_str()) != OGRERR_NONE) {
        throw Error(ErrorKind::invalid_argument, base::filled({"Unknown CRS '{0}'; expected a code such as EPSG:25833.",
                                                               "Unbekanntes Koordinatensystem '{0}'; erwartet wird z. B. EPSG:25833."},
                                                              code));
    }
    return reference;
}

std::string file_name(const std::string& path)
{
    const std::size_t slash = path.find_last_of("/\\");
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

namespace {

/// All members of a gzip file; none where it is damaged or ends early.
std::optional<std::string> unzipped(const std::string& zipped)
{
    std::string content;
    std::size_t at = 0;
    // Some writers fill up the last block with zeros.
    while (at < zipped.size() && (at == 0 || zipped.find_first_not_of('\0', at) != std::string::npos)) {
        z_stream stream{};
        if (inflateInit2(&stream, 15 + 16) != Z_OK)
            return {};
        stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zipped.data() + at));
        stream.avail_in = static_cast<uInt>(std::min<std::size_t>(zipped.size() - at, 0xFFFF'FFFFU));
        int code = Z_OK;
        while (code == Z_OK) {
            constexpr std::size_t step = std::size_t{1} << 20;
            const std::size_t size = content.size();
            content.resize(size + step);
            stream.next_out = reinterpret_cast<Bytef*>(content.data() + size);
            stream.avail_out = static_cast<uInt>(step);
            code = inflate(&stream, Z_NO_FLUSH);
            content.resize(size + step - stream.avail_out);
        }
        at = zipped.size() - stream.avail_in;
        inflateEnd(&stream);
        if (code != Z_STREAM_END)
            return {};
    }
    return content;
}

}  // namespace

std::string file_content(const std::string& path)
{
    Messages messages;
    VSILFILE* file = VSIFOpenL(path.c_str(), "rb");
    if (!file) {
        throw Error(ErrorKind::not_found,
                    base::filled({"File '{0}' cannot be opened.", "Die Datei '{0}' lässt sich nicht öffnen."}, path));
    }
    VSIFSeekL(file, 0, SEEK_END);
    std::string content(VSIFTellL(file), '\0');
    VSIFSeekL(file, 0, SEEK_SET);
    const std::size_t got = VSIFReadL(content.data(), 1, content.size(), file);
    VSIFCloseL(file);
    if (got != content.size())
        throw Error(ErrorKind::io, base::filled({"File '{0}' cannot be read.", "Die Datei '{0}' lässt sich nicht lesen."}, path));
    if (!path.ends_with(".gz"))
        return content;
    std::optional<std::string> whole = unzipped(content);
    if (!whole || content.empty()) {
        throw Error(ErrorKind::bad_data, base::filled({"The gzip file '{0}' is damaged or cut short.",
                                                       "Die gzip-Datei '{0}' ist beschädigt oder abgeschnitten."},
                                                      path));
    }
    return std::move(*whole);
}

}  // namespace stadtgdi::io::detail
