package dev.realtime.spring.publisher;

import java.lang.reflect.Constructor;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.messaging.converter.AbstractMessageConverter;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.converter.DefaultContentTypeResolver;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.util.ClassUtils;
import org.springframework.util.MimeTypeUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Finds the converter of payloads: that of Spring's STOMP support, else the application's
 * only one. Where there is neither, as in a worker or a reactive application, it makes
 * the converter that Boot gives to STOMP: text, bytes, and JSON by the application's own
 * mapper. Not meant for applications.
 */
public final class MessageConverters implements RuntimeHintsRegistrar {

	/** The converter of Spring's STOMP support. */
	private static final String BROKER_CONVERTER = "brokerMessageConverter";

	private static final String PACKAGE = "org.springframework.messaging.converter.";

	/**
	 * In the order of preference. By name, since an application has one or two of them.
	 */
	private static final List<JsonLibrary> LIBRARIES = List.of(
			new JsonLibrary("tools.jackson.databind.json.JsonMapper", PACKAGE + "JacksonJsonMessageConverter"),
			new JsonLibrary("com.fasterxml.jackson.databind.ObjectMapper", PACKAGE + "MappingJackson2MessageConverter"),
			new JsonLibrary("com.google.gson.Gson", PACKAGE + "GsonMessageConverter"),
			new JsonLibrary("jakarta.json.bind.Jsonb", PACKAGE + "JsonbMessageConverter"));

	/** Finds or makes the converter when it is first needed. */
	public static Supplier<MessageConverter> of(BeanFactory beans, ObjectProvider<MessageConverter> converters) {
		return SingletonSupplier.of(() -> {
			if (beans.containsBean(BROKER_CONVERTER)) {
				return beans.getBean(BROKER_CONVERTER, MessageConverter.class);
			}
			return converters.getIfUnique(() -> standard(beans));
		});
	}

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		for (JsonLibrary library : LIBRARIES) {
			hints.reflection()
				.registerTypeIfPresent(classLoader, library.type())
				.registerTypeIfPresent(classLoader, library.converter(), MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS);
		}
	}

	private static MessageConverter standard(BeanFactory beans) {
		MessageConverter text = new StringMessageConverter();
		MessageConverter bytes = new ByteArrayMessageConverter();
		MessageConverter json = json(beans);
		return new CompositeMessageConverter((json != null) ? List.of(text, bytes, json) : List.of(text, bytes));
	}

	/** The first library that the application has a mapper of, else the first one. */
	private static @Nullable MessageConverter json(BeanFactory beans) {
		@Nullable ClassLoader loader = MessageConverters.class.getClassLoader();
		List<JsonLibrary> present = LIBRARIES.stream().filter((library) -> library.isPresent(loader)).toList();
		for (JsonLibrary library : present) {
			Object mapper = beans.getBeanProvider(library.mapper(loader)).getIfUnique();
			if (mapper != null) {
				return library.create(loader, mapper);
			}
		}
		return present.isEmpty() ? null : present.get(0).create(loader, null);
	}

	/**
	 * A library that makes JSON.
	 *
	 * @param type the mapper's class
	 * @param converter the class of Spring's converter for it
	 */
	private record JsonLibrary(String type, String converter) {

		boolean isPresent(@Nullable ClassLoader loader) {
			return ClassUtils.isPresent(this.type, loader) && ClassUtils.isPresent(this.converter, loader);
		}

		Class<?> mapper(@Nullable ClassLoader loader) {
			return ClassUtils.resolveClassName(this.type, loader);
		}

		MessageConverter create(@Nullable ClassLoader loader, @Nullable Object mapper) {
			Class<?> converter = ClassUtils.resolveClassName(this.converter, loader);
			Object made = (mapper == null) ? BeanUtils.instantiateClass(converter)
					: BeanUtils.instantiateClass(constructor(converter, mapper(loader)), mapper);
			if (made instanceof AbstractMessageConverter json) {
				DefaultContentTypeResolver resolver = new DefaultContentTypeResolver();
				resolver.setDefaultMimeType(MimeTypeUtils.APPLICATION_JSON);
				json.setContentTypeResolver(resolver);
			}
			return (MessageConverter) made;
		}

		private static Constructor<?> constructor(Class<?> converter, Class<?> mapper) {
			Constructor<?> constructor = ClassUtils.getConstructorIfAvailable(converter, mapper);
			if (constructor == null) {
				throw new IllegalStateException(converter + " has no constructor for a " + mapper.getName());
			}
			return constructor;
		}

	}

}
