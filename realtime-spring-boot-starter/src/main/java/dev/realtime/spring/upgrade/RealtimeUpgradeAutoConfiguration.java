package dev.realtime.spring.upgrade;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.ServletProperties.ServletTransportKind;
import dev.realtime.spring.stomp.InboundExecutor;
import dev.realtime.spring.stomp.RealtimeStompAutoConfiguration;
import jakarta.servlet.ServletRequestListener;

import org.springframework.beans.PropertyValues;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** Takes WebSockets over from the servlet container. */
@AutoConfiguration(after = RealtimeStompAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(RealtimeNode.class)
public class RealtimeUpgradeAutoConfiguration {

	@Bean(destroyMethod = "close", defaultCandidate = false)
	Loop realtimeUpgradeTimer(Loops loops) {
		return loops.loop("realtime-socket-timer");
	}

	@Bean
	@ConditionalOnClass(name = "org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler")
	ServletRequestListener realtimeHandshakeEnd() {
		return new HandshakeEnd();
	}

	@Bean
	static InstantiationAwareBeanPostProcessor realtimeUpgradePostProcessor(ApplicationContext beans) {
		return new InstantiationAwareBeanPostProcessor() {
			@Override
			public PropertyValues postProcessProperties(PropertyValues values, Object bean, String name) {
				if (name.equals("stompWebSocketHandlerMapping") && bean instanceof SimpleUrlHandlerMapping mapping
						&& transport(beans) != ServletTransportKind.STANDARD) {
					DirectHandshakes direct = new DirectHandshakes(context(beans));
					Map<String, Object> endpoints = new LinkedHashMap<>(mapping.getUrlMap());
					endpoints.replaceAll(direct::direct);
					mapping.setUrlMap(endpoints);
				}
				return values;
			}
		};
	}

	private static ServletTransportKind transport(ApplicationContext beans) {
		return beans.getBean(RealtimeProperties.class).servlet().transport();
	}

	private static UpgradeContext context(ApplicationContext beans) {
		RealtimeProperties properties = beans.getBean(RealtimeProperties.class);
		return new UpgradeContext(beans.getBean("clientInboundChannelExecutor", InboundExecutor.class),
				beans.getBean("realtimeUpgradeTimer", Loop.class), properties.limits().largestFrame(),
				properties.limits().inboundPending(), properties.limits().inboundBytes().toBytes(),
				properties.servlet().pingInterval().toNanos(), properties.servlet().compression(),
				SocketContainer.present(), transport(beans) == ServletTransportKind.DIRECT);
	}

}
