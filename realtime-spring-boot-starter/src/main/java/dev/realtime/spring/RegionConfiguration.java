package dev.realtime.spring;

import dev.realtime.broker.Broker;
import dev.realtime.loop.Loops;
import dev.realtime.region.Bridge;
import dev.realtime.region.kafka.KafkaBridge;
import org.apache.kafka.clients.consumer.KafkaConsumer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Several regions that share topics, for {@code realtime.region}. */
@Configuration(proxyBeanMethods = false)
class RegionConfiguration {

	@Bean
	FleetRegions realtimeFleetRegions(RegionProperties region, RegionsProperties regions, RealtimeProperties properties,
			ObjectProvider<Bridge> bridges, ObjectProvider<Broker> brokers) {
		return new FleetRegions(region, regions, properties, bridges, brokers);
	}

	/** The bridge over Kafka. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(KafkaConsumer.class)
	@ConditionalOnProperty(name = RegionProperties.PROPERTY)
	static class KafkaBridgeConfiguration {

		/** The broker closes it. */
		@Bean(destroyMethod = "")
		@ConditionalOnMissingBean
		Bridge realtimeRegionBridge(RegionProperties region, FleetRegions regions, RegionsProperties properties,
				RealtimeProperties realtime, ApplicationContext context, Loops loops) {
			String own = String.valueOf(region.region());
			long payload = realtime.publish().maxPayload().toBytes();
			PropertyBounds.check(properties.kafka().pending().toBytes() >= KafkaBridge.largest(payload),
					"realtime.regions.kafka.pending", properties.kafka().pending(),
					"must be " + KafkaBridge.largest(payload) + "B or more, so that realtime.publish.max-payload fits");
			return new KafkaBridge(own, regions.options(own).others(),
					properties.kafka().options(new SpringKafka(context.getEnvironment(), context)), payload, loops);
		}

	}

}
