package dev.realtime.spring.asyncapi;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;

import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Module;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationOption;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

/**
 * Makes the {@link SchemaGenerator} of applications that have no such bean: draft 7,
 * which is AsyncAPI's own dialect, with the annotations of Jackson and Jakarta Validation
 * if the modules for them are there.
 */
final class StandardGenerator {

	private StandardGenerator() {
	}

	static SchemaGenerator create(@Nullable ClassLoader loader) {
		SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_7,
				OptionPreset.PLAIN_JSON);
		config.without(Option.SCHEMA_VERSION_INDICATOR);
		config.with(Option.DEFINITIONS_FOR_ALL_OBJECTS, Option.PLAIN_DEFINITION_KEYS,
				Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES);
		config.forFields().withIgnoreCheck(StandardGenerator::isHidden);
		if (ClassUtils.isPresent("com.github.victools.jsonschema.module.jackson.JacksonModule", loader)) {
			config.with(Jackson.module());
		}
		if (ClassUtils.isPresent("com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule",
				loader) && ClassUtils.isPresent("jakarta.validation.constraints.NotNull", loader)) {
			config.with(Validation.module());
		}
		return new SchemaGenerator(config.build());
	}

	/**
	 * A private field that has no accessor and no annotation is neither read nor written.
	 */
	private static boolean isHidden(FieldScope scope) {
		Field field = scope.getRawMember();
		return !field.getDeclaringClass().isRecord() && !field.isEnumConstant()
				&& !Modifier.isPublic(field.getModifiers()) && !scope.hasGetter() && !hasSetter(field)
				&& Arrays.stream(field.getAnnotations()).noneMatch(StandardGenerator::isOfJackson);
	}

	private static boolean hasSetter(Field field) {
		return ClassUtils.hasMethod(field.getDeclaringClass(), "set" + StringUtils.capitalize(field.getName()),
				field.getType());
	}

	private static boolean isOfJackson(Annotation annotation) {
		return annotation.annotationType().getName().startsWith("com.fasterxml.jackson.annotation.");
	}

	/** Loaded only if the library has its module. */
	private static final class Jackson {

		static Module module() {
			return new JacksonModule(JacksonOption.RESPECT_JSONPROPERTY_REQUIRED,
					JacksonOption.FLATTENED_ENUMS_FROM_JSONVALUE, JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY);
		}

	}

	/** Loaded only if the library has its module. */
	private static final class Validation {

		static Module module() {
			return new JakartaValidationModule(JakartaValidationOption.NOT_NULLABLE_FIELD_IS_REQUIRED,
					JakartaValidationOption.INCLUDE_PATTERN_EXPRESSIONS);
		}

	}

}
