package dev.realtime.spring.publisher;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.DefaultPointcutAdvisor;

/**
 * Puts {@link ReturnedValuePublisher} around the beans whose methods have
 * {@link TopicPublisher}. It becomes the innermost advice: inside {@code @Transactional},
 * so that the transaction that it sees is the method's own, and inside {@code @Async}.
 */
final class TopicPublisherPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

	TopicPublisherPostProcessor(CommitAwarePublisher publisher, Supplier<PayloadConverter> converter) {
		BeanMethods methods = new BeanMethods();
		this.advisor = new DefaultPointcutAdvisor(methods, new ReturnedValuePublisher(methods, publisher, converter));
	}

	/** An interface that is a bean's type is not advised, and need not be a class. */
	@Override
	public Class<?> determineBeanType(Class<?> beanClass, String beanName) {
		return beanClass.isInterface() ? beanClass : super.determineBeanType(beanClass, beanName);
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		return isInterfacePublisher(bean) ? bean : super.postProcessAfterInitialization(bean, beanName);
	}

	private static boolean isInterfacePublisher(Object bean) {
		Object target = bean;
		while (target instanceof Advised) {
			@Nullable Object inner = AopProxyUtils.getSingletonTarget(target);
			if (inner == null) {
				return false;
			}
			target = inner;
		}
		return InterfacePublisher.isBehind(target);
	}

}
