package dev.realtime.spring.asyncapi.springwolf.app;

import java.util.concurrent.atomic.AtomicReference;

import io.github.springwolf.core.asyncapi.AsyncApiService;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Asks for the document while beans are made. */
@Configuration(proxyBeanMethods = false)
public class EarlyReader {

	private static final String BROKER = "simpleBrokerMessageHandler";

	/** Whether there was a broker after the document was made. */
	public static final AtomicReference<@Nullable Boolean> BROKER_WAS_MADE = new AtomicReference<>();

	@Bean
	InitializingBean readerOfTheDocument(AsyncApiService documents, ConfigurableListableBeanFactory beans) {
		return () -> {
			documents.getAsyncAPI();
			BROKER_WAS_MADE.set(beans.containsSingleton(BROKER));
		};
	}

}
