package dev.realtime.spring;

import java.util.HashMap;
import java.util.Map;

import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.relay.Relay;
import dev.realtime.relay.kafka.KafkaRelay;
import dev.realtime.relay.kafka.KafkaRelayOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The relay over Kafka, for {@code realtime.relay.type=kafka}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(KafkaConsumer.class)
@ConditionalOnProperty(name = RelayProperties.TYPE, havingValue = "kafka")
class KafkaRelayConfiguration {

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	Relay realtimeRelay(RelayProperties relay, RealtimeProperties properties, ApplicationContext context, Loops loops) {
		return KafkaRelay.of(options(relay.kafka(), new Partitions(properties.redis().partitions()),
				new SpringKafka(context.getEnvironment(), context)), loops);
	}

	/** Spring's properties, unless the relay has addresses of its own. */
	static KafkaRelayOptions options(KafkaProperties kafka, Partitions partitions, SpringKafka spring) {
		boolean own = kafka.bootstrapServers() != null;
		String servers = (kafka.bootstrapServers() != null) ? String.join(",", kafka.bootstrapServers())
				: spring.bootstrapServers();
		Map<String, String> all = new HashMap<>(own ? Map.of() : spring.properties());
		all.putAll(kafka.properties());
		return new KafkaRelayOptions(servers, all, kafka.topic(), partitions, kafka.replicationFactor(),
				kafka.retention(), kafka.timeout(), kafka.pending().toBytes());
	}

}
