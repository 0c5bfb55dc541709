namespace Amazon.Lambda.Core;

/// <summary>Names the <see cref="ILambdaSerializer"/> of a handler, or of an assembly's handlers.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Assembly)]
public sealed class LambdaSerializerAttribute(Type serializerType) : Attribute
{
    public Type SerializerType { get; set; } = serializerType;
}
