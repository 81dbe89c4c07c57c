package dev.realtime.spring.web;

import java.util.List;
import java.util.Map;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * What the application's {@link WebMvcConfigurer} beans say about requests of any path.
 * It holds for the paths of the starter too, which have handler mappings of their own.
 */
final class ApplicationMvc {

	private ApplicationMvc() {
	}

	/** The application's interceptors, with the paths that they are for. */
	static Object[] interceptors(ObjectProvider<WebMvcConfigurer> configurers) {
		Interceptors registry = new Interceptors();
		configurers.orderedStream().forEach((configurer) -> configurer.addInterceptors(registry));
		return registry.all().toArray();
	}

	/** Which pages of other origins may ask, by pattern of paths. */
	static Map<String, CorsConfiguration> cors(ObjectProvider<WebMvcConfigurer> configurers) {
		Cors registry = new Cors();
		configurers.orderedStream().forEach((configurer) -> configurer.addCorsMappings(registry));
		return registry.all();
	}

	private static final class Interceptors extends InterceptorRegistry {

		List<Object> all() {
			return getInterceptors();
		}

	}

	private static final class Cors extends CorsRegistry {

		Map<String, CorsConfiguration> all() {
			return getCorsConfigurations();
		}

	}

}
