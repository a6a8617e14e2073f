// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/citylayers/dock.hpp>
#include <plugins/bridge/layer_source.hpp>
#include <plugins/bridge/texts.hpp>
#include <plugins/citylayers/service_key.hpp>
#include <qgisinterface.h>
#include <qgsauthconfigselect.h>
#include <qgsmapcanvas.h>
#include <qgsmessagebar.h>
#include <qgsproject.h>
#include <qgssettings.h>
#include <QApplication>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <map>

namespace stadtgdi::citylayers {

using base::Error;
using base::Language;
using base::Text;
using bridge::text;
using bridge::compat::qstring;
using catalogue::Disclosure;

namespace {

const QString recent_key = QStringLiteral("stadtgdi/citylayers/recent");
constexpr int recent_most = 8;
enum Column { layer_column, count_column, class_column, licence_column, column_count };

Text label_of(Disclosure disclosure)
{
    switch (disclosure) {
    case Disclosure::open: return {"public", "öffentlich"};
    case Disclosure::internal: return {"internal", "intern"};
    case Disclosure::restricted: return {"restricted", "eingeschränkt"};
    case Disclosure::kritis: return {"critical", "KRITIS"};
    }
    return {};
}

QStringList recent()
{
    return QgsSettings().value(recent_key).toStringList();
}

void remember(const QString& location)
{
    QStringList places = recent();
    places.removeAll(location);
    places.prepend(location);
    while (places.size() > recent_most) places.removeLast();
    QgsSettings().setValue(recent_key, places);
}

/// The busy cursor while something is read.
struct Waiting {
    Waiting() { QApplication::setOverrideCursor(Qt::WaitCursor); }
    ~Waiting() { QApplication::restoreOverrideCursor(); }
};

}  // namespace

Dock::Dock(QgisInterface& qgis) : m_qgis(qgis), m_language(bridge::language())
{
    setObjectName(QStringLiteral("StadtgdiCityLayers"));
    setWindowTitle(text({"City layers", "Städtische Fachdaten"}, m_language));
    auto* body = new QWidget(this);
    auto* rows = new QVBoxLayout(body);
    rows->setContentsMargins(6, 6, 6, 6);
    rows->addWidget(make_source_row());
    rows->addWidget(make_key_row());
    make_tree();
    rows->addWidget(m_tree, 1);
    m_details = new QLabel(body);
    m_details->setObjectName(QStringLiteral("details"));
    m_details->setWordWrap(true);
    m_details->setTextInteractionFlags(Qt::TextBrowserInteraction);
    m_details->setOpenExternalLinks(true);
    rows->addWidget(m_details);
    auto* buttons = new QHBoxLayout;
    m_add = new QPushButton(text({"Add to map", "Zur Karte hinzufügen"}, m_language), body);
    m_add->setObjectName(QStringLiteral("add"));
    m_add_picture = new QPushButton(text({"Add as picture (WMS)", "Als Bild hinzufügen (WMS)"}, m_language), body);
    m_add_picture->setObjectName(QStringLiteral("add_picture"));
    m_add_picture->hide();
    buttons->addWidget(m_add);
    buttons->addWidget(m_add_picture);
    buttons->addStretch(1);
    rows->addLayout(buttons);
    setWidget(body);
    connect(m_add, &QPushButton::clicked, this, [this] { add_selected(As::features); });
    connect(m_add_picture, &QPushButton::clicked, this, [this] { add_selected(As::picture); });
    connect(QgsProject::instance(), &QgsProject::readProject, this, &Dock::open_city_of_project);
    show_key();
    show_details();
    open_city_of_project();
}

QWidget* Dock::make_source_row()
{
    auto* row = new QWidget(this);
    auto* places = new QHBoxLayout(row);
    places->setContentsMargins(0, 0, 0, 0);
    m_source = new QComboBox(row);
    m_source->setObjectName(QStringLiteral("source"));
    m_source->setEditable(true);
    m_source->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_source->addItems(recent());
    m_source->setEditText(m_source->count() > 0 ? m_source->itemText(0) : QString());
    m_source->lineEdit()->setPlaceholderText(text({"city.gpkg, PG:dbname=… schemas=… or https://…", "Stadt.gpkg, PG:dbname=… schemas=… oder https://…"}, m_language));
    auto* browse = new QToolButton(row);
    browse->setText(QStringLiteral("…"));
    browse->setToolTip(text({"Choose a GeoPackage", "GeoPackage auswählen"}, m_language));
    auto* open_button = new QPushButton(text({"Open", "Öffnen"}, m_language), row);
    open_button->setObjectName(QStringLiteral("open"));
    places->addWidget(m_source, 1);
    places->addWidget(browse);
    places->addWidget(open_button);
    connect(browse, &QToolButton::clicked, this, &Dock::choose_file);
    connect(open_button, &QPushButton::clicked, this, [this] { open(m_source->currentText()); });
    connect(m_source, &QComboBox::editTextChanged, this, &Dock::show_key);
    connect(m_source->lineEdit(), &QLineEdit::returnPressed, this, [this] { open(m_source->currentText()); });
    return row;
}

QWidget* Dock::make_key_row()
{
    m_key_row = new QWidget(this);
    m_key_row->setObjectName(QStringLiteral("key_row"));
    auto* parts = new QHBoxLayout(m_key_row);
    parts->setContentsMargins(0, 0, 0, 0);
    parts->addWidget(new QLabel(text({"Access", "Zugang"}, m_language), m_key_row), 0, Qt::AlignTop);
    auto* ask = new QPushButton(text({"New key …", "Neuer Schlüssel …"}, m_language), m_key_row);
    ask->setObjectName(QStringLiteral("new_key"));
    ask->setToolTip(text({"A key of the service shows its protected layers. QGIS keeps it encrypted; the project holds only its id.",
                          "Ein Schlüssel des Dienstes zeigt dessen geschützte Ebenen. QGIS bewahrt ihn verschlüsselt auf; im Projekt steht nur seine Kennung."},
                         m_language));
    ask->setVisible(can_store_keys());
    parts->addWidget(ask, 0, Qt::AlignTop);
    connect(ask, &QPushButton::clicked, this, &Dock::ask_for_key);
    return m_key_row;
}

/// Where a service is named, its key can be chosen; the one used there before is chosen already.
void Dock::show_key()
{
    const QString location = m_source->currentText();
    m_key_row->setVisible(is_service(location));
    if (!is_service(location)) return;
    if (!m_key) {
        m_key = new QgsAuthConfigSelect(m_key_row);
        m_key->setObjectName(QStringLiteral("key"));
        qobject_cast<QHBoxLayout*>(m_key_row->layout())->insertWidget(1, m_key, 1);
    }
    const QString known = key_used_at(location);
    if (!known.isEmpty() && known != m_key->configId()) m_key->setConfigId(known);
}

void Dock::ask_for_key()
{
    bool ok = false;
    const QString key = QInputDialog::getText(this, windowTitle(), text({"Key of the service", "Schlüssel des Dienstes"}, m_language), QLineEdit::Password, {}, &ok);
    if (!ok || key.trimmed().isEmpty()) return;
    try {
        m_key->setConfigId(store_key(m_source->currentText(), key.trimmed()));
        open(m_source->currentText());
    } catch (const Error& error) {
        say(error);
    }
}

void Dock::make_tree()
{
    m_tree = new QTreeWidget(this);
    m_tree->setObjectName(QStringLiteral("layers"));
    m_tree->setColumnCount(column_count);
    m_tree->setHeaderLabels({text({"Layer", "Ebene"}, m_language), text({"Rows", "Anzahl"}, m_language), text({"Class", "Schutzklasse"}, m_language),
                             text({"Licence", "Lizenz"}, m_language)});
    m_tree->setIndentation(12);
    m_tree->setMinimumWidth(260);
    m_tree->header()->setSectionResizeMode(QHeaderView::Interactive);
    m_tree->setSelectionMode(QAbstractItemView::ExtendedSelection);
    connect(m_tree, &QTreeWidget::itemSelectionChanged, this, &Dock::show_details);
    connect(m_tree, &QTreeWidget::itemDoubleClicked, this, [this](const QTreeWidgetItem* item) {
        if (item->childCount() == 0) add_selected(As::features);
    });
}

void Dock::choose_file()
{
    const QString path = QFileDialog::getOpenFileName(this, text({"City (GeoPackage)", "Stadt (GeoPackage)"}, m_language), {}, QStringLiteral("GeoPackage (*.gpkg)"));
    if (!path.isEmpty()) open(path);
}

void Dock::open(const QString& location)
{
    if (location.trimmed().isEmpty()) return;
    m_source->setEditText(location);
    try {
        const Waiting waiting;
        const QString key = is_service(location) && m_key ? m_key->configId() : QString();
        m_listing = list_layers(location, key, m_language);
        remember(location);
        if (is_service(location)) remember_key(location, key);
    } catch (const Error& error) {
        m_listing.reset();
        say(error);
    }
    show_layers();
}

void Dock::open_city_of_project()
{
    for (const QgsMapLayer* layer : QgsProject::instance()->layers<QgsMapLayer*>()) {
        const std::optional<std::string> city = bridge::city_path_of(*layer);
        if (!city) continue;
        if (m_listing && m_listing->location == *city) return;
        // Not asked for, hence no message: QGIS itself tells which layers it could not open.
        try {
            m_listing = list_layers(qstring(*city), {}, m_language);
        } catch (const Error& error) {
            return bridge::log(error);
        }
        m_source->setEditText(qstring(*city));
        remember(qstring(*city));
        return show_layers();
    }
}

void Dock::show_layers()
{
    m_tree->clear();
    m_add_picture->setVisible(m_listing && m_listing->place == Place::service);
    if (!m_listing) return show_details();
    const QLocale locale(m_language == Language::de ? QLocale::German : QLocale::English);
    std::map<std::string, QTreeWidgetItem*> families;
    for (std::size_t i = 0; i < m_listing->layers.size(); ++i) {
        const ListedLayer& layer = m_listing->layers[i];
        const catalogue::LayerDefinition* definition = catalogue::find_layer(layer.stored.definition);
        const catalogue::LayerFamily* family = definition ? &catalogue::family_of(*definition) : nullptr;
        QTreeWidgetItem*& parent = families[family ? family->name : "~"];
        if (!parent) {
            parent = new QTreeWidgetItem(m_tree, {family ? text(family->title, m_language) : text({"Other tables", "Weitere Tabellen"}, m_language)});
            parent->setFlags(Qt::ItemIsEnabled);
            parent->setFirstColumnSpanned(true);
            QFont font = parent->font(0);
            font.setBold(true);
            parent->setFont(0, font);
        }
        auto* item = new QTreeWidgetItem(parent);
        item->setText(layer_column, layer.title);
        item->setToolTip(layer_column, qstring(layer.stored.name));
        if (layer.rows >= 0) item->setText(count_column, locale.toString(layer.rows));
        item->setTextAlignment(count_column, Qt::AlignRight | Qt::AlignVCenter);
        item->setText(class_column, text(label_of(layer.stored.disclosure), m_language));
        item->setText(licence_column, qstring(layer.stored.licence.empty() ? m_listing->city.licence : layer.stored.licence));
        item->setData(layer_column, Qt::UserRole, static_cast<qulonglong>(i));
    }
    m_tree->expandAll();
    for (int column = 0; column < column_count; ++column) m_tree->resizeColumnToContents(column);
    show_details();
}

std::vector<const ListedLayer*> Dock::selected() const
{
    std::vector<const ListedLayer*> layers;
    for (const QTreeWidgetItem* item : m_tree->selectedItems()) {
        const QVariant place = item->data(layer_column, Qt::UserRole);
        if (m_listing && place.isValid()) layers.push_back(&m_listing->layers.at(place.toULongLong()));
    }
    return layers;
}

void Dock::show_details()
{
    const std::vector<const ListedLayer*> layers = selected();
    m_add->setEnabled(!layers.empty());
    m_add_picture->setEnabled(!layers.empty());
    if (layers.size() != 1) {
        const QString city = m_listing ? qstring(m_listing->city.name) : QString();
        m_details->setText(layers.empty() ? city : text(base::filled(Text{"{0} layers selected", "{0} Ebenen ausgewählt"}, std::to_string(layers.size())), m_language));
        return;
    }
    const catalogue::StoredLayer& stored = layers.front()->stored;
    const catalogue::LayerDefinition* definition = catalogue::find_layer(stored.definition);
    QStringList lines;
    lines << QStringLiteral("<b>%1</b> (%2)").arg(layers.front()->title.toHtmlEscaped(), qstring(stored.name).toHtmlEscaped());
    if (definition) lines << text(definition->abstract, m_language).toHtmlEscaped();
    if (!stored.crs.empty()) lines << qstring(stored.crs);
    const std::string& attribution = stored.attribution.empty() && m_listing ? m_listing->city.attribution : stored.attribution;
    if (!attribution.empty()) lines << qstring(attribution).toHtmlEscaped();
    if (stored.demonstration) lines << text({"Demonstration data, not this city's own.", "Demonstrationsdaten, nicht die Daten dieser Stadt."}, m_language);
    m_details->setText(lines.join(QStringLiteral("<br>")));
}

void Dock::add_selected(As as)
{
    for (const ListedLayer* layer : selected()) {
        try {
            const Waiting waiting;
            const bool first = QgsProject::instance()->mapLayers().isEmpty();
            QgsMapLayer* added = add_layer(*QgsProject::instance(), *m_listing, *layer, as, m_language);
            if (first && m_qgis.mapCanvas() && added->isSpatial()) {
                m_qgis.setActiveLayer(added);
                m_qgis.zoomToActiveLayer();
            }
        } catch (const Error& error) {
            say(error);
        }
    }
}

void Dock::say(const Error& error)
{
    bridge::log(error);
    if (m_qgis.messageBar()) m_qgis.messageBar()->pushWarning(windowTitle(), text(error.message(), m_language));
}

}  // namespace stadtgdi::citylayers
