// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/citylayers/dock.hpp>
#include <plugins/bridge/texts.hpp>
#include <qgisinterface.h>
#include <qgsmapcanvas.h>
#include <qgsmessagebar.h>
#include <qgsproject.h>
#include <qgssettings.h>
#include <QApplication>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
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
    show_details();
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
    connect(m_source->lineEdit(), &QLineEdit::returnPressed, this, [this] { open(m_source->currentText()); });
    return row;
}

void Dock::make_tree()
{
    m_tree = new QTreeWidget(this);
    m_tree->setObjectName(QStringLiteral("layers"));
    m_tree->setColumnCount(column_count);
    m_tree->setHeaderLabels({text({"Layer", "Ebene"}, m_language), text({"Rows", "Anzahl"}, m_language), text({"Class", "Schutzklasse"}, m_language),
                             text({"Licence", "Lizenz"}, m_language)});
    m_tree->setIndentation(12);
    m_tree->setMinimumWidth(360);
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
        m_listing = list_layers(location, m_language);
        remember(location);
    } catch (const Error& error) {
        m_listing.reset();
        say(error);
    }
    show_layers();
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
