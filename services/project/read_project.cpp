// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/read_project.hpp>

#include <layers/base/error.hpp>
#include <layers/crs/transform.hpp>
#include <plugins/bridge/table_reader.hpp>
#include <services/project/reached_layers.hpp>
#include <services/project/read_layer.hpp>
#include <services/project/text_lists.hpp>
#include <services/project/value_relations.hpp>

#include <QRegularExpression>
#include <qgsattributeeditorcontainer.h>
#include <qgsdataprovider.h>
#include <qgseditformconfig.h>
#include <qgsexpression.h>
#include <qgsexpressionfunction.h>
#include <qgsfeaturerequest.h>
#include <qgslayertree.h>
#include <qgsmaplayerserverproperties.h>
#include <qgsproject.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerjoinbuffer.h>
#include <qgsvectorlayerjoininfo.h>
#include <qgswkbtypes.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

namespace stadtgdi::project {

using base::Text;
using catalogue::Disclosure;
using bridge::compat::qstring;
using bridge::compat::utf8;

LoadedProject::LoadedProject() = default;
LoadedProject::~LoadedProject() = default;

namespace {

std::string now_text()
{
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    const std::int64_t milliseconds = now.time_since_epoch().count();
    std::string text = table::datetime_text(milliseconds / 1000 * 1'000'000);  // "...:41Z"
    std::string fraction = std::to_string(1000 + milliseconds % 1000);
    return text.substr(0, 19) + "." + fraction.substr(1) + "Z";
}

/// Gives every layer and group a name of its own that fits into a comma-separated list.
class Names {
public:
    std::string unique(QString wanted)
    {
        wanted.replace(QLatin1Char(','), QLatin1Char('_'));
        const std::string name = utf8(wanted.trimmed());
        std::string candidate = name;
        for (int i = 2; candidate.empty() || !m_taken.insert(candidate).second; ++i)
            candidate = name + "_" + std::to_string(i);
        return candidate;
    }

private:
    std::set<std::string> m_taken;
};

/// The class of a layer's rows. Joined columns, and what expressions fetch from elsewhere, are as secret as the table they come from.
Classified class_of(const ClassFinder& classes, const LoadedProject::Source& source)
{
    Classified found = classes.class_of(source.data);
    if (found.disclosure)
        found.disclosure = stricter(*found.disclosure, source.shown);
    for (const std::vector<DataSource>* others : {&source.joined, &source.reached})
        for (const DataSource& one : *others) {
            if (!found.disclosure)
                return found;
            Classified other = classes.class_of(one);
            if (!other.disclosure)
                return other;
            found.disclosure = stricter(*found.disclosure, *other.disclosure);
        }
    return found;
}

/// Whether a function of QGIS looks beyond the row that it is asked for.
bool looks_beyond_row(const QgsExpressionFunction& function)
{
    static const QSet<QString> harmless{QStringLiteral("Color"),          QStringLiteral("Conversions"), QStringLiteral("Date and Time"),
                                        QStringLiteral("GeometryGroup"),  QStringLiteral("Math"),        QStringLiteral("String"),
                                        QStringLiteral("Conditionals"),   QStringLiteral("Arrays"),      QStringLiteral("Maps"),
                                        QStringLiteral("Fuzzy Matching"), QStringLiteral("JSON"),        QStringLiteral("Operators")};
    static const QSet<QString> moving{QStringLiteral("now"), QStringLiteral("rand"), QStringLiteral("randf"), QStringLiteral("eval"),
                                      QStringLiteral("uuid")};
    const QString name = function.name();
    if (moving.contains(name) || name.startsWith(QLatin1String("overlay_")))
        return true;
    const QStringList groups = function.groups();
    return std::any_of(groups.begin(), groups.end(), [](const QString& group) { return !harmless.contains(group); });
}

/// Whether the value of an expression may change while the row stays as it is.
bool is_fleeting(const QString& text)
{
    const QgsExpression expression(text);
    if (!expression.referencedVariables().isEmpty())
        return true;
    const QSet<QString> functions = expression.referencedFunctions();
    return std::any_of(functions.begin(), functions.end(), [](const QString& name) {
        const int place = QgsExpression::functionIndex(name);
        return place < 0 || looks_beyond_row(*QgsExpression::Functions().at(place));
    });
}

/// Whether one of these texts, which may be expressions, calls a function that looks at other rows: by its name, so rather too often.
bool calls_beyond_row(const QString& texts)
{
    static const QRegularExpression call = [] {
        QStringList names;
        const QList<QgsExpressionFunction*> functions = QgsExpression::Functions();
        for (const QgsExpressionFunction* function : functions)
            if (looks_beyond_row(*function))
                names << QRegularExpression::escape(function->name()) << function->aliases();
        return QRegularExpression(QStringLiteral("\\b(%1)\\s*\\(").arg(names.join(QLatin1Char('|'))), QRegularExpression::CaseInsensitiveOption);
    }();
    return call.match(texts).hasMatch();
}

class Reader {
public:
    Reader(LoadedProject& loaded, const ReadSettings& settings)
        : m_loaded(loaded), m_project(*loaded.project), m_model(loaded.model), m_classes(settings.disclosure)
    {
    }

    void read(const std::string& id)
    {
        m_model.id = id;
        m_model.version = now_text();
        read_service();
        read_layers();
        read_terms();
        m_model.tree = read_group(*m_project.layerTreeRoot(), true);
        read_extent();
    }

private:
    QString entry(const char* key, const char* old_scope_key = nullptr) const
    {
        return m_project.readEntry(QString::fromLatin1(key), old_scope_key ? QString::fromLatin1(old_scope_key) : QStringLiteral("/"));
    }

    /// As QGIS Server reads it.
    bool is_on(const char* key) const
    {
        const QString value = entry(key);
        return value.compare(QLatin1String("true"), Qt::CaseInsensitive) == 0 || value.compare(QLatin1String("enabled"), Qt::CaseInsensitive) == 0;
    }

    std::string inspire(const char* key) const
    {
        return utf8(m_project.readEntry(QStringLiteral("WMSInspire"), QStringLiteral("/") + QString::fromLatin1(key)));
    }

    void read_service()
    {
        m_model.crs = bridge::crs_text(m_project.crs());
        const QString title = entry("WMSServiceTitle");
        m_model.title = utf8(!title.isEmpty() ? title : m_project.title());
        if (m_model.title.empty())
            m_model.title = m_model.id;
        m_model.root_name = utf8(entry("WMSRootName").replace(QLatin1Char(','), QLatin1Char('_')));
        if (m_model.root_name.empty()) {
            m_model.root_name = m_model.id;
            m_model.root_alias = utf8(m_project.title());
        }
        const QString abstract = entry("WMSServiceAbstract");
        m_model.abstract = utf8(!abstract.isEmpty() ? abstract : m_project.metadata().abstract());
        m_model.keywords = texts_of(m_project.readListEntry(QStringLiteral("WMSKeywordList"), QStringLiteral("/")));
        m_model.fees = utf8(entry("WMSFees"));
        m_model.access_constraints = utf8(entry("WMSAccessConstraints"));
        m_model.online_resource = utf8(entry("WMSOnlineResource"));
        const QString language = m_project.metadata().language().left(2).toLower();
        if (language == QLatin1String("de") || language == QLatin1String("ge"))
            m_model.language = base::Language::de;
        else if (language == QLatin1String("en"))
            m_model.language = base::Language::en;
        m_model.contact = {utf8(entry("WMSContactPerson")), utf8(entry("WMSContactOrganization")), utf8(entry("WMSContactPosition")),
                           utf8(entry("WMSContactMail")), utf8(entry("WMSContactPhone"))};
        if (m_project.readBoolEntry(QStringLiteral("WMSInspire"), QStringLiteral("/activated")))
            m_model.inspire = Inspire{inspire("language"), inspire("metadataUrl"), inspire("metadataUrlType"), inspire("temporalReference"), inspire("metadataDate")};
        m_model.max_width = std::max(0, m_project.readNumEntry(QStringLiteral("WMSMaxWidth"), QStringLiteral("/"), 0));
        m_model.max_height = std::max(0, m_project.readNumEntry(QStringLiteral("WMSMaxHeight"), QStringLiteral("/"), 0));
        m_model.image_quality = std::clamp(m_project.readNumEntry(QStringLiteral("WMSImageQuality"), QStringLiteral("/"), 0), 0, 100);
        m_model.boxes_in_feature_info = is_on("WMSAddWktGeometry");
        constexpr int widest_buffer = 512;
        m_model.tile_buffer = std::clamp(m_project.readNumEntry(QStringLiteral("WMSTileBuffer"), QStringLiteral("/"), 0), 0, widest_buffer);
        const std::vector<std::string> listed = texts_of(m_project.readListEntry(QStringLiteral("WMSCrsList"), QStringLiteral("/")));
        if (!m_model.crs.empty())
            offer(m_model.crs);
        for (const std::string& crs : listed)
            offer(crs);
        for (const char* crs : {"EPSG:25832", "EPSG:25833", "EPSG:4258", "EPSG:4326", "OGC:CRS84", "EPSG:3857", "EPSG:3035"})
            offer(crs);
    }

    void offer(const std::string& name)
    {
        try {
            const std::string code = crs::normalized(name);
            if (std::find(m_model.offered_crs.begin(), m_model.offered_crs.end(), code) == m_model.offered_crs.end())
                m_model.offered_crs.push_back(code);
        } catch (const Error&) {
            // A CRS of the user's own (USER:100001, well-known text) has no name that a client could ask for.
        }
    }

    void read_layers()
    {
        const bool by_id = m_project.readBoolEntry(QStringLiteral("WMSUseLayerIDs"), QStringLiteral("/"));
        const QStringList wfs = m_project.readListEntry(QStringLiteral("WFSLayers"), QStringLiteral("/"));
        const QStringList restricted = m_project.readListEntry(QStringLiteral("WMSRestrictedLayers"), QStringLiteral("/"));

        const QList<QgsMapLayer*> top_first = m_project.layerTreeRoot()->layerOrder();
        std::vector<QgsMapLayer*> all(top_first.rbegin(), top_first.rend());
        // Tables that are not in the drawing order are served as features all the same.
        const QMap<QString, QgsMapLayer*> every = m_project.mapLayers();
        for (QgsMapLayer* layer : every)
            if (std::find(all.begin(), all.end(), layer) == all.end())
                all.push_back(layer);
        for (const QgsMapLayer* layer : all)
            m_classes.visit(data_source_of(*layer));

        m_names.unique(qstring(m_model.root_name));
        for (QgsMapLayer* layer : all)
            read_one(layer, by_id, wfs.contains(layer->id()), !is_restricted(*layer, restricted));
        for (PublishedLayer& layer : m_model.layers)
            if (const auto* vector = qobject_cast<const QgsVectorLayer*>(m_loaded.layers.at(layer.name)))
                for (std::size_t i = 0; i < layer.fields.size(); ++i)
                    add_origins(*vector, static_cast<int>(i), layer.fields[i].made_of);
        for (PublishedLayer& layer : m_model.layers)
            for (const LookedUpField& field : m_looked_up[m_loaded.layers.at(layer.name)])
                if (const auto from = m_name_of.find(field.looked_into->id()); from != m_name_of.end()) {
                    m_loaded.looked_into.insert(from->second);
                    for (const QString& read : field.read)
                        layer.fields[static_cast<std::size_t>(field.place)].codes_from.push_back({from->second, utf8(read)});
                }
    }

    /// What the project leaves open its open layers may say: their licences, and whom to name.
    void read_terms()
    {
        const auto is_open = [](const std::string& text) { return text.empty() || QString::fromStdString(text).compare(QLatin1String("none"), Qt::CaseInsensitive) == 0; };
        QStringList licences, rights;
        for (const PublishedLayer& layer : m_model.layers) {
            if (layer.disclosure != catalogue::Disclosure::open)
                continue;
            licences += m_loaded.layers.at(layer.name)->metadata().licenses();
            rights += qstring(layer.attribution);
        }
        const auto joined = [](QStringList& texts) {
            texts.removeAll(QString());
            texts.removeDuplicates();
            return utf8(texts.join(QStringLiteral("; ")));
        };
        if (is_open(m_model.fees) && !licences.isEmpty())
            m_model.fees = joined(licences);
        if (is_open(m_model.access_constraints))
            m_model.access_constraints = joined(rights);
    }

    bool is_restricted(const QgsMapLayer& layer, const QStringList& restricted) const
    {
        if (restricted.contains(layer.name()))
            return true;
        // A restricted group restricts what is in it.
        QgsLayerTreeNode* node = m_project.layerTreeRoot()->findLayer(layer.id());
        for (; node != nullptr; node = node->parent())
            if (QgsLayerTree::isGroup(node) && node->parent() != nullptr && restricted.contains(node->name()))
                return true;
        return false;
    }

    void fail(QgsMapLayer& layer, LoadedProject::Source source, bool opened, const Classified& classified)
    {
        const QString short_name = layer.serverProperties()->shortName();
        m_model.failed_layers.emplace_back(utf8(short_name.isEmpty() ? layer.name() : short_name), opened ? classified.reason : base::Text{"the source cannot be opened", "die Quelle lässt sich nicht öffnen"});
        m_loaded.failed.push_back({std::move(source), &layer, opened, classified.store_unreadable});
    }

    void read_one(QgsMapLayer* layer, bool by_id, bool in_wfs, bool in_wms)
    {
        LoadedProject::Source source;
        source.data = data_source_of(*layer);
        if (const auto* vector = qobject_cast<const QgsVectorLayer*>(layer))
            look_into(*vector, source);
        look_beyond(*layer, source);
        if (const auto* vector = qobject_cast<const QgsVectorLayer*>(layer); vector != nullptr && loses_row_class(*vector))
            source.shown = Disclosure::kritis;
        const Classified classified = class_of(m_classes, source);
        if (!layer->isValid() || !classified.disclosure) {
            fail(*layer, std::move(source), layer->isValid(), classified);
            return;
        }
        std::vector<LookedUpField> looked_up;
        if (auto* vector = qobject_cast<QgsVectorLayer*>(layer)) {
            const auto may_be_shown = [&](const QgsVectorLayer& related, const QString& shown) {
                if (is_fleeting(shown))
                    return false;
                LoadedProject::Source whole;
                whole.data = data_source_of(related);
                look_beyond(related, whole);
                const Classified other = class_of(m_classes, whole);
                const QStringList names = related.fields().names();
                const bool has_row_classes = std::ranges::any_of(names, [](const QString& name) { return name.endsWith(QLatin1String("disclosure_class")); });
                return other.disclosure && stricter(*other.disclosure, class_of_named(related, shown, false)) <= *classified.disclosure && !has_row_classes;
            };
            looked_up = resolve_value_relations(*vector, m_project, may_be_shown);
        }
        PublishedLayer published = read_layer(*layer, m_model.crs);
        for (const LookedUpField& field : looked_up)
            published.fields[static_cast<std::size_t>(field.place)].editor = utf8(field.editor);
        m_looked_up[layer] = std::move(looked_up);
        const QString short_name = layer->serverProperties()->shortName();
        const QString own = !short_name.isEmpty() ? short_name : layer->name();
        published.name = m_names.unique(by_id ? layer->id() : own);
        if (by_id)
            published.feature_name = m_feature_names.unique(own);
        published.in_wfs = in_wfs && published.type == LayerType::vector;
        published.in_wms = in_wms;
        published.disclosure = *classified.disclosure;
        published.definition = classified.definition;
        source.in_city = classified.in_city;
        if (classified.in_city || !source.joined.empty())
            published.class_fields = class_fields_of(published);
        if (const auto* vector = qobject_cast<const QgsVectorLayer*>(layer)) {
            hide_fields(*vector, published);
            if (is_on("WMSFeatureInfoUseAttributeFormSettings"))
                mark_fields_of_form(*vector, published);
            const QString tip = vector->mapTipTemplate();
            published.has_map_tip = !tip.isEmpty() && !asks_beyond_the_row(tip) && class_of_named(*vector, tip, false) <= published.disclosure && !names_hidden_field(published, tip);
        }
        if (const QgsLayerTreeLayer* node = m_project.layerTreeRoot()->findLayer(layer->id()))
            published.visible = node->isVisible();
        m_name_of[layer->id()] = published.name;
        m_loaded.layers[published.name] = layer;
        m_loaded.sources[published.name] = std::move(source);
        m_model.layers.push_back(std::move(published));
    }

    static void look_into(const QgsVectorLayer& layer, LoadedProject::Source& source)
    {
        const QgsFields fields = layer.fields();
        source.plain = source.data.subset.empty() && !source.data.is_query && layer.vectorJoins().isEmpty();
        for (int i = 0; i < fields.count(); ++i)
            source.plain = source.plain && fields.fieldOrigin(i) == Qgis::FieldOrigin::Provider;
        // Columns hold no curves; which of them become lines is QGIS's to say.
        source.plain = source.plain && !QgsWkbTypes::isCurvedType(layer.wkbType());
        // "|geometrytype=" of a mixed table lets through some of its rows.
        source.plain = source.plain && source.data.uri.find("geometrytype=") == std::string::npos;
        for (int i = 0; i < fields.count(); ++i)
            if (fields.fieldOrigin(i) == Qgis::FieldOrigin::Expression)
                source.fleeting = source.fleeting || is_fleeting(layer.expressionField(i));
    }

    /// Whether rows of a joined layer have a class of their own that the join leaves out, or hides behind a field of the same name.
    static bool loses_row_class(const QgsVectorLayer& layer)
    {
        const QgsFields fields = layer.fields();
        const QList<QgsVectorLayerJoinInfo> joins = layer.vectorJoins();
        return std::ranges::any_of(joins, [&](const QgsVectorLayerJoinInfo& join) {
            const int place = join.joinLayer() == nullptr ? -1 : join.joinLayer()->fields().lookupField(QStringLiteral("disclosure_class"));
            if (place < 0)
                return false;
            for (int i = 0; i < fields.count(); ++i) {
                int there = -1;
                if (fields.fieldOrigin(i) == Qgis::FieldOrigin::Join && fields.at(i).name().endsWith(QLatin1String("disclosure_class")))
                    if (const QgsVectorLayerJoinInfo* of = layer.joinBuffer()->joinForFieldIndex(i, fields, there); of != nullptr && of->joinLayerId() == join.joinLayerId() && there == place)
                        return false;
            }
            return true;
        });
    }

    static std::vector<const QgsMapLayer*> joined_to(const QgsMapLayer& layer)
    {
        std::vector<const QgsMapLayer*> joined;
        if (const auto* vector = qobject_cast<const QgsVectorLayer*>(&layer))
            for (const QgsVectorLayerJoinInfo& join : vector->vectorJoins())
                if (join.joinLayer() != nullptr)
                    joined.push_back(join.joinLayer());
        return joined;
    }

    const ReachedLayers& reached_by(const QgsMapLayer& layer)
    {
        const auto known = m_reached.find(&layer);
        return known != m_reached.end() ? known->second : m_reached[&layer] = reached_layers(layer, m_project);
    }

    /// Tables are joined to joined ones, and expressions ask layers that ask others.
    void look_beyond(const QgsMapLayer& layer, LoadedProject::Source& source)
    {
        std::vector<const QgsMapLayer*> found{&layer};
        const auto add = [&](const std::vector<const QgsMapLayer*>& more, std::vector<DataSource>& to) {
            for (const QgsMapLayer* one : more)
                if (std::find(found.begin(), found.end(), one) == found.end()) {
                    found.push_back(one);
                    to.push_back(data_source_of(*one));
                }
        };
        for (std::size_t i = 0; i < found.size(); ++i)
            add(joined_to(*found[i]), source.joined);
        const std::size_t joined = found.size();
        bool others = false, unsaid = false;
        QString texts;
        for (std::size_t i = 0; i < found.size(); ++i) {
            add(joined_to(*found[i]), source.reached);
            const ReachedLayers& reached = reached_by(*found[i]);
            add(reached.layers, source.reached);
            others = others || reached.others;
            unsaid = unsaid || reached.unsaid;
            texts += reached.style_texts.join(QLatin1Char('\n')) + QLatin1Char('\n') + reached.field_texts.join(QLatin1Char('\n')) + QLatin1Char('\n');
        }
        // Virtual and joined fields have a class of their own each, so that only what is drawn of them counts for all of the layer.
        const ReachedLayers& own = reached_by(layer);
        source.shown = class_of_named(layer, own.style_texts.join(QLatin1Char('\n')), own.unsaid);
        source.alone = source.reached.empty() && !others && !calls_beyond_row((own.style_texts + own.field_texts).join(QLatin1Char('\n')));
        for (std::size_t i = joined; i < found.size(); ++i)
            source.shown = stricter(source.shown, class_of_named(*found[i], texts, unsaid));
        if (others) {
            DataSource any;  // nothing is known of it
            any.provider = "virtual";
            any.is_query = true;
            any.uri = "layer=";
            source.reached.push_back(std::move(any));
        }
    }

    /// Every layer of a city store has the field; joined to another it has a prefix.
    static std::vector<std::string> class_fields_of(const PublishedLayer& layer)
    {
        std::vector<std::string> names;
        for (const PublishedField& field : layer.fields)
            if (field.type == table::Type::text && (field.name == "disclosure_class" || field.name.ends_with("_disclosure_class")))
                names.push_back(field.name);
        return names;
    }

    /// A field that is stricter than its layer is shown to nobody who may only see the layer.
    void hide_fields(const QgsVectorLayer& layer, PublishedLayer& published)
    {
        for (std::size_t i = 0; i < published.fields.size(); ++i) {
            PublishedField& field = published.fields[i];
            field.disclosure = class_of_field(layer, static_cast<int>(i));
            if (field.disclosure > published.disclosure)
                field.in_wms = field.in_wfs = false;
        }
    }

    /// Forms that QGIS makes by itself have all fields.
    static void mark_fields_of_form(const QgsVectorLayer& layer, PublishedLayer& published)
    {
        QgsEditFormConfig form = layer.editFormConfig();
        if (form.layout() != Qgis::AttributeFormLayout::DragAndDrop)
            return;
        const QList<QgsAttributeEditorElement*> shown = form.invisibleRootContainer()->findElements(Qgis::AttributeEditorType::Field);
        for (PublishedField& field : published.fields)
            field.in_form = std::ranges::any_of(shown, [name = qstring(field.name)](const QgsAttributeEditorElement* one) { return one->name() == name; });
    }

    /// By its name, or through a function that takes names or the whole row.
    static bool names_hidden_field(const PublishedLayer& layer, const QString& text)
    {
        static const QRegularExpression any_field(QStringLiteral("\\b(attribute|attributes|eval|eval_template|represent_attributes|represent_value|maptip|display_expression|currentfeature|feature)\\b"),
                                                  QRegularExpression::CaseInsensitiveOption);
        bool hidden = false, named = any_field.match(text).hasMatch();
        for (const PublishedField& field : layer.fields)
            if (!field.in_wms) {
                hidden = true;
                named = named || QRegularExpression(QStringLiteral("\\b%1\\b").arg(QRegularExpression::escape(qstring(field.name))), QRegularExpression::CaseInsensitiveOption).match(text).hasMatch();
            }
        return hidden && named;
    }

    const catalogue::LayerDefinition* definition_of(const QgsMapLayer& layer)
    {
        const auto known = m_definitions.find(&layer);
        return known != m_definitions.end() ? known->second : m_definitions[&layer] = catalogue::find_layer(m_classes.class_of(data_source_of(layer)).definition);
    }

    /// As declared, also where the field is joined from elsewhere; of a virtual field the strictest of those that it is worked out from.
    Disclosure class_of_field(const QgsVectorLayer& layer, int place, int steps = 0)
    {
        constexpr int most_steps = 8;
        if (steps > most_steps)
            return Disclosure::kritis;  // fields that are worked out from each other
        const QgsFields fields = layer.fields();
        Disclosure strictest = Disclosure::open;
        switch (fields.fieldOrigin(place)) {
        case Qgis::FieldOrigin::Provider: {
            const catalogue::LayerDefinition* definition = definition_of(layer);
            const catalogue::FieldDefinition* known = definition == nullptr ? nullptr : definition->find(utf8(fields.at(place).name()));
            return known == nullptr ? Disclosure::open : known->disclosure;
        }
        case Qgis::FieldOrigin::Join: {
            int there = -1;
            const QgsVectorLayerJoinInfo* join = layer.joinBuffer()->joinForFieldIndex(place, fields, there);
            return join == nullptr || join->joinLayer() == nullptr || there < 0 ? Disclosure::open : class_of_field(*join->joinLayer(), there, steps + 1);
        }
        case Qgis::FieldOrigin::Expression: {
            const QSet<QString> asked = QgsExpression(layer.expressionField(place)).referencedColumns();
            for (int i = 0; i < fields.count(); ++i)
                if (i != place && (asked.contains(QgsFeatureRequest::ALL_ATTRIBUTES) || asked.contains(fields.at(i).name())))
                    strictest = stricter(strictest, class_of_field(layer, i, steps + 1));
            return strictest;
        }
        default: return strictest;
        }
    }

    /// What a field shows something of: those it is joined from, or worked out from.
    void add_origins(const QgsVectorLayer& layer, int place, std::vector<FieldName>& origins, int steps = 0) const
    {
        constexpr int most_steps = 8;
        if (steps > most_steps)
            return;
        const auto add = [&](const QgsVectorLayer& other, int there) {
            if (const auto name = m_name_of.find(other.id()); name != m_name_of.end())
                origins.push_back({name->second, utf8(other.fields().at(there).name())});
            add_origins(other, there, origins, steps + 1);
        };
        const QgsFields fields = layer.fields();
        if (fields.fieldOrigin(place) == Qgis::FieldOrigin::Join) {
            int there = -1;
            const QgsVectorLayerJoinInfo* join = layer.joinBuffer()->joinForFieldIndex(place, fields, there);
            if (join != nullptr && join->joinLayer() != nullptr && there >= 0)
                add(*join->joinLayer(), there);
        } else if (fields.fieldOrigin(place) == Qgis::FieldOrigin::Expression) {
            const QSet<QString> asked = QgsExpression(layer.expressionField(place)).referencedColumns();
            for (int i = 0; i < fields.count(); ++i)
                if (i != place && (asked.contains(QgsFeatureRequest::ALL_ATTRIBUTES) || asked.contains(fields.at(i).name())))
                    add(layer, i);
        }
    }

    /// The strictest class of those fields of a layer that one of the texts names.
    Disclosure class_of_named(const QgsMapLayer& layer, const QString& texts, bool all)
    {
        Disclosure strictest = Disclosure::open;
        const auto* vector = qobject_cast<const QgsVectorLayer*>(&layer);
        for (int i = 0; vector != nullptr && i < vector->fields().count(); ++i) {
            const Disclosure its = class_of_field(*vector, i);
            if (its > strictest && (all || QRegularExpression(QStringLiteral("\\b%1\\b").arg(QRegularExpression::escape(vector->fields().at(i).name())),
                                                              QRegularExpression::CaseInsensitiveOption).match(texts).hasMatch()))
                strictest = its;
        }
        return strictest;
    }

    static void read_state(const QgsLayerTreeNode& tree, TreeNode& node)
    {
        node.visible = tree.isVisible();
        node.checked = tree.itemVisibilityChecked();
        node.expanded = tree.isExpanded();
    }

    TreeNode read_group(const QgsLayerTreeGroup& group, bool root)
    {
        TreeNode node;
        const auto property = [&group](const char* name) { return group.customProperty(QString::fromLatin1(name)).toString(); };
        if (root) {
            node.name = m_model.root_name;
            node.title = m_model.title;
            node.abstract = m_model.abstract;
        } else {
            const QString short_name = property("wmsShortName");
            node.name = m_names.unique(!short_name.isEmpty() ? short_name : group.name());
            const QString title = property("wmsTitle");
            node.title = utf8(!title.isEmpty() ? title : group.name());
            node.abstract = utf8(property("wmsAbstract"));
        }
        node.shown_name = root ? m_model.root_name : utf8(group.name());
        node.mutually_exclusive = group.isMutuallyExclusive();
        read_state(group, node);
        const QList<QgsLayerTreeNode*> children = group.children();
        for (QgsLayerTreeNode* child : children) {
            if (QgsLayerTree::isGroup(child)) {
                TreeNode below = read_group(*QgsLayerTree::toGroup(child), false);
                if (!below.children.empty())
                    node.children.push_back(std::move(below));
            } else if (const auto found = m_name_of.find(QgsLayerTree::toLayer(child)->layerId()); found != m_name_of.end()) {
                const PublishedLayer* layer = m_model.find(found->second);
                TreeNode leaf;
                leaf.title = layer->title;
                leaf.abstract = layer->abstract;
                leaf.layer = layer->name;
                leaf.shown_name = utf8(child->name());
                read_state(*child, leaf);
                node.children.push_back(std::move(leaf));
            }
        }
        return node;
    }

    void read_extent()
    {
        const QStringList extent = m_project.readListEntry(QStringLiteral("WMSExtent"), QStringLiteral("/"));
        if (extent.size() == 4) {
            m_model.extent = {extent[0].toDouble(), extent[1].toDouble(), extent[2].toDouble(), extent[3].toDouble()};
            if (m_model.extent.xmin < m_model.extent.xmax && m_model.extent.ymin < m_model.extent.ymax)
                return;
        }
        m_model.extent = table::Box::none();
        for (const PublishedLayer& layer : m_model.layers) {
            if (layer.extent.empty() || !layer.drawable)
                continue;
            try {
                m_model.extent.grow(crs::transformed(layer.extent, layer.crs, m_model.crs));
            } catch (const Error&) {
                // A layer whose CRS has no name in PROJ does not shape the project's extent.
            }
        }
    }

    LoadedProject& m_loaded;
    const QgsProject& m_project;
    ProjectModel& m_model;
    ClassFinder m_classes;
    Names m_names;
    Names m_feature_names;
    std::map<QString, std::string> m_name_of;  // by layer id
    std::map<const QgsMapLayer*, ReachedLayers> m_reached;
    std::map<const QgsMapLayer*, std::vector<LookedUpField>> m_looked_up;
    std::map<const QgsMapLayer*, const catalogue::LayerDefinition*> m_definitions;
};

}  // namespace

std::unique_ptr<LoadedProject> read_project(const std::string& path, const ReadSettings& settings)
{
    auto loaded = std::make_unique<LoadedProject>();
    loaded->project = std::make_unique<QgsProject>();
    const Qgis::ProjectReadFlags flags = Qgis::ProjectReadFlag::DontLoadLayouts | Qgis::ProjectReadFlag::DontLoad3DViews |
                                         Qgis::ProjectReadFlag::DontStoreOriginalStyles | Qgis::ProjectReadFlag::ForceReadOnlyLayers |
                                         Qgis::ProjectReadFlag::DontLoadProjectStyles;
    if (!loaded->project->read(qstring(path), flags)) {
        const std::string reason = utf8(loaded->project->error());
        throw Error(ErrorKind::io, base::filled({"QGIS cannot read the project {0}: {1}", "QGIS kann das Projekt {0} nicht lesen: {1}"}, path,
                                                reason.empty() ? std::string("?") : reason));
    }
    Reader(*loaded, settings).read(settings.id.empty() ? std::filesystem::path(path).stem().string() : settings.id);
    return loaded;
}

namespace {

/// False where the source has gone. Then the layer is closed, as QGIS would go on using what is left of its provider.
bool reload(QgsMapLayer& layer)
{
    if (!layer.isValid())
        return false;
    layer.reload();
    if (const QgsDataProvider* provider = layer.dataProvider(); provider == nullptr || provider->isValid())
        return true;
    layer.setDataSource(layer.source(), layer.name(), layer.providerType());
    return false;
}

/// The same for the tables joined to a layer, whose rows are kept in memory until the table says that it changed.
bool reload_joined(const QgsVectorLayer& layer, std::set<const QgsVectorLayer*> done = {})
{
    done.insert(&layer);
    for (const QgsVectorLayerJoinInfo& join : layer.vectorJoins()) {
        QgsVectorLayer* joined = join.joinLayer();
        if (joined == nullptr || done.contains(joined))
            continue;
        if (!reload(*joined) || !reload_joined(*joined, done))
            return false;
        Q_EMIT joined->layerModified();
    }
    return true;
}

}  // namespace

ClassNews class_news(const LoadedProject& loaded, const ProjectModel& model, const ReadSettings& settings)
{
    ClassFinder classes(settings.disclosure);
    const auto visit = [&classes](const LoadedProject::Source& source) {
        classes.visit(source.data);
        for (const DataSource& joined : source.joined)
            classes.visit(joined);
        for (const DataSource& reached : source.reached)
            classes.visit(reached);
    };
    // All of them: whether one source is in a city store decides about others, too.
    for (const auto& [name, source] : loaded.sources)
        visit(source);
    for (const LoadedProject::Failed& failed : loaded.failed)
        visit(failed.source);
    ClassNews news;
    for (const PublishedLayer& layer : model.layers) {
        const auto source = loaded.sources.find(layer.name);
        if (source == loaded.sources.end())
            continue;
        // What was no table of a city, and is in memory, goes on without its file.
        if (!source->second.in_city && file_gone(source->second.data))
            continue;
        const Classified now = class_of(classes, source->second);
        if (now.disclosure != layer.disclosure || now.definition != layer.definition || now.in_city != source->second.in_city)
            news.layers.insert(layer.name);
    }
    for (const LoadedProject::Failed& failed : loaded.failed) {
        const Classified now = class_of(classes, failed.source);
        news.more = news.more || (failed.opened && now.disclosure) || (failed.store_unreadable && !now.store_unreadable);
    }
    return news;
}

bool opens_now(const LoadedProject& loaded)
{
    return std::any_of(loaded.failed.begin(), loaded.failed.end(), [](const LoadedProject::Failed& failed) {
        if (failed.opened)
            return false;
        if (qobject_cast<const QgsVectorLayer*>(failed.layer) == nullptr)
            return true;  // the whole project is tried again
        return QgsVectorLayer(failed.layer->source(), failed.layer->name(), failed.layer->providerType()).isValid();
    });
}

std::optional<ProjectModel> refreshed(const LoadedProject& loaded, const ProjectModel& model, const std::vector<std::string>& names)
{
    if (std::ranges::any_of(names, [&](const std::string& name) { return loaded.looked_into.contains(name); }))
        return {};
    ProjectModel result = model;
    for (PublishedLayer& layer : result.layers) {
        const auto found = loaded.layers.find(layer.name);
        if (found == loaded.layers.end() || std::find(names.begin(), names.end(), layer.name) == names.end())
            continue;
        if (!reload(*found->second))
            return {};
        if (auto* vector = qobject_cast<QgsVectorLayer*>(found->second)) {
            vector->updateFields();
            vector->updateExtents(true);
            if (!reload_joined(*vector))
                return {};
        }
        const PublishedLayer fresh = read_layer(*found->second, model.crs);
        const auto same = [](const PublishedField& a, const PublishedField& b) { return a.name == b.name && a.type == b.type; };
        if (!std::equal(fresh.fields.begin(), fresh.fields.end(), layer.fields.begin(), layer.fields.end(), same))
            return {};
        layer.extent = fresh.extent;
    }
    return result;
}

}  // namespace stadtgdi::project
