// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/raster_reader.hpp>

#include <layers/base/error.hpp>
#include <services/project/read_project.hpp>

#include <qgsrasterdataprovider.h>
#include <qgsrasteridentifyresult.h>
#include <qgsrasterlayer.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace stadtgdi::project {

struct RasterReader::State {
    std::unique_ptr<QgsRasterDataProvider> provider;
    std::string name;
};

namespace {

/// 3.7 of a band of floats, which as a double is 3.7000000477.
double as_written(double value)
{
    char text[40];
    const auto end = std::to_chars(text, text + sizeof text, static_cast<float>(value)).ptr;
    std::from_chars(text, end, value);
    return value;
}

}  // namespace

RasterReader::RasterReader(const LoadedProject& project, const std::string& layer) : m_state(std::make_unique<State>())
{
    const auto found = project.layers.find(layer);
    if (found == project.layers.end())
        throw Error(ErrorKind::not_found, base::filled({"There is no layer '{0}'.", "Es gibt keinen Layer „{0}“."}, layer));
    auto* raster = qobject_cast<QgsRasterLayer*>(found->second);
    if (raster == nullptr)
        throw Error(ErrorKind::unsupported, base::filled({"Layer '{0}' has no values.", "Der Layer „{0}“ hat keine Werte."}, layer));
    if (!raster->isValid() || raster->dataProvider() == nullptr)
        throw Error(ErrorKind::io, base::filled({"Layer '{0}' cannot be read: its source is gone.", "Der Layer „{0}“ ist nicht lesbar: Seine Quelle ist verschwunden."}, layer));
    m_state->provider.reset(raster->dataProvider()->clone());
    m_state->name = layer;
}

RasterReader::~RasterReader() = default;

std::vector<std::optional<double>> RasterReader::values(const RasterPlace& place)
{
    QgsRasterDataProvider& provider = *m_state->provider;
    const QgsRectangle box(place.box.xmin, place.box.ymin, place.box.xmax, place.box.ymax);
    const QgsRasterIdentifyResult found = provider.identify(QgsPointXY(place.x, place.y), Qgis::RasterIdentifyFormat::Value, box, place.width, place.height);
    if (!found.isValid())
        throw Error(ErrorKind::io, base::filled({"Layer '{0}' gave no values.", "Der Layer „{0}“ lieferte keine Werte."}, m_state->name));
    std::vector<std::optional<double>> values(static_cast<std::size_t>(std::max(0, provider.bandCount())));
    const QMap<int, QVariant> bands = found.results();
    for (auto band = bands.begin(); band != bands.end(); ++band) {
        bool is_number = false;
        const double value = band.value().toDouble(&is_number);
        if (!is_number || !std::isfinite(value) || band.key() < 1 || band.key() > provider.bandCount())
            continue;
        const bool floats = provider.sourceDataType(band.key()) == Qgis::DataType::Float32;
        values[static_cast<std::size_t>(band.key() - 1)] = floats ? as_written(value) : value;
    }
    return values;
}

}  // namespace stadtgdi::project
