// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/capabilities_layers.hpp>

namespace stadtgdi::wms {

namespace {

std::string code_of(base::Language language)
{
    return language == base::Language::de ? "ger" : "eng";
}

void append_locator(pugi::xml_node parent, const char* name, const std::string& url, const std::string& media_type)
{
    pugi::xml_node locator = parent.append_child(name);
    append_text(locator, "inspire_common:URL", url);
    if (!media_type.empty())
        append_text(locator, "inspire_common:MediaType", media_type);
}

void append_languages(pugi::xml_node parent, const ows::FaceContext& context, const CapabilitiesDocument& document)
{
    const base::Language opening = context.model.language.value_or(base::Language::de);
    const base::Language other = opening == base::Language::de ? base::Language::en : base::Language::de;
    pugi::xml_node supported = parent.append_child("inspire_common:SupportedLanguages");
    append_text(supported.append_child("inspire_common:DefaultLanguage"), "inspire_common:Language", code_of(opening));
    append_text(supported.append_child("inspire_common:SupportedLanguage"), "inspire_common:Language", code_of(other));
    append_text(parent.append_child("inspire_common:ResponseLanguage"), "inspire_common:Language", code_of(document.language));
}

}  // namespace

void append_inspire(pugi::xml_node capability, const ows::FaceContext& context, const CapabilitiesDocument& document)
{
    if (!context.model.inspire)
        return;
    const project::Inspire& inspire = *context.model.inspire;
    pugi::xml_node extended = capability.append_child("inspire_vs:ExtendedCapabilities");
    if (!inspire.metadata_url.empty()) {
        append_locator(extended, "inspire_common:MetadataUrl", inspire.metadata_url, inspire.metadata_url_type);
        append_languages(extended, context, document);
        return;
    }
    append_locator(extended, "inspire_common:ResourceLocator", document.url + "SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0", "application/vnd.ogc.wms_xml");
    append_text(extended, "inspire_common:ResourceType", "service");
    append_text(extended.append_child("inspire_common:TemporalReference"), "inspire_common:DateOfLastRevision",
                !inspire.temporal_reference.empty() ? inspire.temporal_reference : context.model.version.substr(0, 10));
    pugi::xml_node conformity = extended.append_child("inspire_common:Conformity");
    pugi::xml_node specification = conformity.append_child("inspire_common:Specification");
    append_text(specification, "inspire_common:Title", document.language == base::Language::de ? "Verordnung (EG) Nr. 976/2009" : "Commission Regulation (EC) No 976/2009");
    append_text(specification, "inspire_common:DateOfPublication", "2009-10-20");
    append_text(conformity, "inspire_common:Degree", "notEvaluated");
    pugi::xml_node contact = extended.append_child("inspire_common:MetadataPointOfContact");
    append_text(contact, "inspire_common:OrganisationName", context.model.contact.organization);
    append_text(contact, "inspire_common:EmailAddress", context.model.contact.email);
    append_text(extended, "inspire_common:MetadataDate", !inspire.metadata_date.empty() ? inspire.metadata_date : context.model.version.substr(0, 10));
    append_text(extended, "inspire_common:SpatialDataServiceType", "view");
    append_text(extended.append_child("inspire_common:MandatoryKeyword"), "inspire_common:KeywordValue", "infoMapAccessService");
    append_languages(extended, context, document);
}

}  // namespace stadtgdi::wms
