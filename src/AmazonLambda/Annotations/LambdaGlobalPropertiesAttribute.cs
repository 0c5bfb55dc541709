namespace Amazon.Lambda.Annotations;

/// <summary>Settings for all functions of an assembly.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public class LambdaGlobalPropertiesAttribute : Attribute
{
    /// <summary>True where Amazon's source generator is to write <c>Main</c>; ours is written by hand.</summary>
    public bool GenerateMain { get; set; }

    /// <summary>The runtime's identifier, such as <c>provided.al2023</c>.</summary>
    public string? Runtime { get; set; }
}
