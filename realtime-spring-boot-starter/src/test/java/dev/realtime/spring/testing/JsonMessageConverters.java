package dev.realtime.spring.testing;

import org.springframework.beans.BeanUtils;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.ClassUtils;

/** The converter of the running generation of Spring: with Jackson 3 or 2. */
public final class JsonMessageConverters {

	private static final String PACKAGE = "org.springframework.messaging.converter.";

	private JsonMessageConverters() {
	}

	/** A converter with default settings. */
	public static MessageConverter create() {
		ClassLoader loader = JsonMessageConverters.class.getClassLoader();
		String name = PACKAGE + (ClassUtils.isPresent(PACKAGE + "JacksonJsonMessageConverter", loader)
				? "JacksonJsonMessageConverter" : "MappingJackson2MessageConverter");
		return (MessageConverter) BeanUtils.instantiateClass(ClassUtils.resolveClassName(name, loader));
	}

}
