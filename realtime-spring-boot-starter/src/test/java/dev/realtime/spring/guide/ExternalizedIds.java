package dev.realtime.spring.guide;

import java.util.Map;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.modulith.events.EventExternalizationConfiguration;

@Configuration(proxyBeanMethods = false)
public class ExternalizedIds {

	@Bean
	EventExternalizationConfiguration eventExternalization(BeanFactory beans) {
		return EventExternalizationConfiguration.defaults(AutoConfigurationPackages.get(beans))
			.headers(OrderShipped.class, (shipped) -> Map.of("id", "shipped-" + shipped.orderId()))
			.build();
	}

}
