<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis labelsEnabled="0" version="3.40.6-Bratislava" styleCategories="Symbology|Labeling">
 <renderer-v2 type="categorizedSymbol" referencescale="-1" enableorderby="0" attr="data_state" forceraster="0" symbollevels="0">
  <categories>
   <category type="string" symbol="0" uuid="{bf428e1d-f221-55de-a77f-a61755a4d727}" value="complete" render="true" label="{code:data_state.complete}"/>
   <category type="string" symbol="1" uuid="{996ad860-2a9a-504f-8861-aeafd0b2ae29}" value="partial" render="true" label="{code:data_state.partial}"/>
   <category type="string" symbol="2" uuid="{59e06cf8-f390-5093-af2e-3685be593a25}" value="none" render="true" label="{code:data_state.none}"/>
  </categories>
  <symbols>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" frame_rate="10" alpha="1" is_animated="0" name="0">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" id="{391ada15-580c-5baa-b16f-eeb35d9b1122}" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,1,0.2,1,0.2"/>
      <Option type="QString" name="color" value="207,221,232,89,rgb:0.81176470588235294,0.8666666666666667,0.90980392156862744,0.3499961852445258"/>
      <Option type="QString" name="joinstyle" value="bevel"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="127,154,176,255,rgb:0.49803921568627452,0.60392156862745094,0.69019607843137254,1"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.25"/>
      <Option type="QString" name="outline_width_unit" value="RenderMetersInMapUnits"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" frame_rate="10" alpha="1" is_animated="0" name="1">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" id="{22fe83ae-a20f-54fc-b436-cec85c94c5e8}" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,1,0.2,1,0.2"/>
      <Option type="QString" name="color" value="240,223,180,89,rgb:0.94117647058823528,0.87450980392156863,0.70588235294117652,0.3499961852445258"/>
      <Option type="QString" name="joinstyle" value="bevel"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="195,161,75,255,rgb:0.76470588235294112,0.63137254901960782,0.29411764705882354,1"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.25"/>
      <Option type="QString" name="outline_width_unit" value="RenderMetersInMapUnits"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
    <layer class="LinePatternFill" enabled="1" id="{b7d55bf4-7057-5113-85c8-141871bf7635}" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="angle" value="45"/>
      <Option type="QString" name="clip_mode" value="during_render"/>
      <Option type="QString" name="color" value=""/>
      <Option type="QString" name="coordinate_reference" value="feature"/>
      <Option type="QString" name="distance" value="3"/>
      <Option type="QString" name="distance_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="distance_unit" value="MM"/>
      <Option type="QString" name="line_width" value="0"/>
      <Option type="QString" name="line_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
     <symbol type="line" force_rhr="0" clip_to_extent="1" frame_rate="10" alpha="1" is_animated="0" name="@1@1">
      <data_defined_properties>
       <Option type="Map">
        <Option type="QString" name="name" value=""/>
        <Option name="properties"/>
        <Option type="QString" name="type" value="collection"/>
       </Option>
      </data_defined_properties>
      <layer class="SimpleLine" enabled="1" id="{1883fdfb-249b-58f5-b445-87dff6eabc06}" locked="0" pass="0">
       <Option type="Map">
        <Option type="QString" name="align_dash_pattern" value="0"/>
        <Option type="QString" name="capstyle" value="square"/>
        <Option type="QString" name="customdash" value="5;2"/>
        <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="customdash_unit" value="MM"/>
        <Option type="QString" name="dash_pattern_offset" value="0"/>
        <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
        <Option type="QString" name="draw_inside_polygon" value="0"/>
        <Option type="QString" name="joinstyle" value="bevel"/>
        <Option type="QString" name="line_color" value="195,161,75,255,rgb:0.76470588235294112,0.63137254901960782,0.29411764705882354,1"/>
        <Option type="QString" name="line_style" value="solid"/>
        <Option type="QString" name="line_width" value="0.18"/>
        <Option type="QString" name="line_width_unit" value="MM"/>
        <Option type="QString" name="offset" value="0"/>
        <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="offset_unit" value="MM"/>
        <Option type="QString" name="ring_filter" value="0"/>
        <Option type="QString" name="trim_distance_end" value="0"/>
        <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="trim_distance_end_unit" value="MM"/>
        <Option type="QString" name="trim_distance_start" value="0"/>
        <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="trim_distance_start_unit" value="MM"/>
        <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
        <Option type="QString" name="use_custom_dash" value="0"/>
        <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
       </Option>
       <data_defined_properties>
        <Option type="Map">
         <Option type="QString" name="name" value=""/>
         <Option name="properties"/>
         <Option type="QString" name="type" value="collection"/>
        </Option>
       </data_defined_properties>
      </layer>
     </symbol>
    </layer>
   </symbol>
   <symbol type="fill" force_rhr="0" clip_to_extent="1" frame_rate="10" alpha="1" is_animated="0" name="2">
    <data_defined_properties>
     <Option type="Map">
      <Option type="QString" name="name" value=""/>
      <Option name="properties"/>
      <Option type="QString" name="type" value="collection"/>
     </Option>
    </data_defined_properties>
    <layer class="SimpleFill" enabled="1" id="{d6ed313e-533a-55a6-aa06-4c00bc132812}" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="border_width_map_unit_scale" value="3x:0,0,1,0.2,1,0.2"/>
      <Option type="QString" name="color" value="229,207,201,89,rgb:0.89803921568627454,0.81176470588235294,0.78823529411764703,0.3499961852445258"/>
      <Option type="QString" name="joinstyle" value="bevel"/>
      <Option type="QString" name="offset" value="0,0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_color" value="168,96,79,255,rgb:0.6588235294117647,0.37647058823529411,0.30980392156862746,1"/>
      <Option type="QString" name="outline_style" value="solid"/>
      <Option type="QString" name="outline_width" value="0.25"/>
      <Option type="QString" name="outline_width_unit" value="RenderMetersInMapUnits"/>
      <Option type="QString" name="style" value="solid"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
    </layer>
    <layer class="LinePatternFill" enabled="1" id="{9090025d-5d06-58f1-b79a-3690407024fc}" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="angle" value="45"/>
      <Option type="QString" name="clip_mode" value="during_render"/>
      <Option type="QString" name="color" value=""/>
      <Option type="QString" name="coordinate_reference" value="feature"/>
      <Option type="QString" name="distance" value="2"/>
      <Option type="QString" name="distance_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="distance_unit" value="MM"/>
      <Option type="QString" name="line_width" value="0"/>
      <Option type="QString" name="line_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
     <symbol type="line" force_rhr="0" clip_to_extent="1" frame_rate="10" alpha="1" is_animated="0" name="@2@1">
      <data_defined_properties>
       <Option type="Map">
        <Option type="QString" name="name" value=""/>
        <Option name="properties"/>
        <Option type="QString" name="type" value="collection"/>
       </Option>
      </data_defined_properties>
      <layer class="SimpleLine" enabled="1" id="{751af8b4-32a7-55bc-9fad-8bfbcbbf4237}" locked="0" pass="0">
       <Option type="Map">
        <Option type="QString" name="align_dash_pattern" value="0"/>
        <Option type="QString" name="capstyle" value="square"/>
        <Option type="QString" name="customdash" value="5;2"/>
        <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="customdash_unit" value="MM"/>
        <Option type="QString" name="dash_pattern_offset" value="0"/>
        <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
        <Option type="QString" name="draw_inside_polygon" value="0"/>
        <Option type="QString" name="joinstyle" value="bevel"/>
        <Option type="QString" name="line_color" value="168,96,79,255,rgb:0.6588235294117647,0.37647058823529411,0.30980392156862746,1"/>
        <Option type="QString" name="line_style" value="solid"/>
        <Option type="QString" name="line_width" value="0.18"/>
        <Option type="QString" name="line_width_unit" value="MM"/>
        <Option type="QString" name="offset" value="0"/>
        <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="offset_unit" value="MM"/>
        <Option type="QString" name="ring_filter" value="0"/>
        <Option type="QString" name="trim_distance_end" value="0"/>
        <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="trim_distance_end_unit" value="MM"/>
        <Option type="QString" name="trim_distance_start" value="0"/>
        <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="trim_distance_start_unit" value="MM"/>
        <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
        <Option type="QString" name="use_custom_dash" value="0"/>
        <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
       </Option>
       <data_defined_properties>
        <Option type="Map">
         <Option type="QString" name="name" value=""/>
         <Option name="properties"/>
         <Option type="QString" name="type" value="collection"/>
        </Option>
       </data_defined_properties>
      </layer>
     </symbol>
    </layer>
    <layer class="LinePatternFill" enabled="1" id="{305f5e8d-e48d-5c3a-8ce3-446622dd8a8a}" locked="0" pass="0">
     <Option type="Map">
      <Option type="QString" name="angle" value="135"/>
      <Option type="QString" name="clip_mode" value="during_render"/>
      <Option type="QString" name="color" value=""/>
      <Option type="QString" name="coordinate_reference" value="feature"/>
      <Option type="QString" name="distance" value="2"/>
      <Option type="QString" name="distance_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="distance_unit" value="MM"/>
      <Option type="QString" name="line_width" value="0"/>
      <Option type="QString" name="line_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="line_width_unit" value="MM"/>
      <Option type="QString" name="offset" value="0"/>
      <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="offset_unit" value="MM"/>
      <Option type="QString" name="outline_width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
      <Option type="QString" name="outline_width_unit" value="MM"/>
     </Option>
     <data_defined_properties>
      <Option type="Map">
       <Option type="QString" name="name" value=""/>
       <Option name="properties"/>
       <Option type="QString" name="type" value="collection"/>
      </Option>
     </data_defined_properties>
     <symbol type="line" force_rhr="0" clip_to_extent="1" frame_rate="10" alpha="1" is_animated="0" name="@2@2">
      <data_defined_properties>
       <Option type="Map">
        <Option type="QString" name="name" value=""/>
        <Option name="properties"/>
        <Option type="QString" name="type" value="collection"/>
       </Option>
      </data_defined_properties>
      <layer class="SimpleLine" enabled="1" id="{a4c08562-50fa-5599-939c-eb6f2a83a362}" locked="0" pass="0">
       <Option type="Map">
        <Option type="QString" name="align_dash_pattern" value="0"/>
        <Option type="QString" name="capstyle" value="square"/>
        <Option type="QString" name="customdash" value="5;2"/>
        <Option type="QString" name="customdash_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="customdash_unit" value="MM"/>
        <Option type="QString" name="dash_pattern_offset" value="0"/>
        <Option type="QString" name="dash_pattern_offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="dash_pattern_offset_unit" value="MM"/>
        <Option type="QString" name="draw_inside_polygon" value="0"/>
        <Option type="QString" name="joinstyle" value="bevel"/>
        <Option type="QString" name="line_color" value="168,96,79,255,rgb:0.6588235294117647,0.37647058823529411,0.30980392156862746,1"/>
        <Option type="QString" name="line_style" value="solid"/>
        <Option type="QString" name="line_width" value="0.18"/>
        <Option type="QString" name="line_width_unit" value="MM"/>
        <Option type="QString" name="offset" value="0"/>
        <Option type="QString" name="offset_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="offset_unit" value="MM"/>
        <Option type="QString" name="ring_filter" value="0"/>
        <Option type="QString" name="trim_distance_end" value="0"/>
        <Option type="QString" name="trim_distance_end_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="trim_distance_end_unit" value="MM"/>
        <Option type="QString" name="trim_distance_start" value="0"/>
        <Option type="QString" name="trim_distance_start_map_unit_scale" value="3x:0,0,0,0,0,0"/>
        <Option type="QString" name="trim_distance_start_unit" value="MM"/>
        <Option type="QString" name="tweak_dash_pattern_on_corners" value="0"/>
        <Option type="QString" name="use_custom_dash" value="0"/>
        <Option type="QString" name="width_map_unit_scale" value="3x:0,0,0,0,0,0"/>
       </Option>
       <data_defined_properties>
        <Option type="Map">
         <Option type="QString" name="name" value=""/>
         <Option name="properties"/>
         <Option type="QString" name="type" value="collection"/>
        </Option>
       </data_defined_properties>
      </layer>
     </symbol>
    </layer>
   </symbol>
  </symbols>
  <rotation/>
  <sizescale/>
  <data-defined-properties>
   <Option type="Map">
    <Option type="QString" name="name" value=""/>
    <Option name="properties"/>
    <Option type="QString" name="type" value="collection"/>
   </Option>
  </data-defined-properties>
 </renderer-v2>
 <selection mode="Default">
  <selectionColor invalid="1"/>
 </selection>
 <blendMode>0</blendMode>
 <featureBlendMode>0</featureBlendMode>
 <layerGeometryType>2</layerGeometryType>
</qgis>
