namespace Amazon.Lambda.Annotations;

/// <summary>Marks the method that serves a Lambda function, and says what that function needs; infrastructure and tests read it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class LambdaFunctionAttribute : Attribute
{
    /// <summary>The function's name in the template, and in the state machines' placeholders.</summary>
    public string? ResourceName { get; set; }

    /// <summary>Seconds after which Lambda stops an invocation, 1–900.</summary>
    public uint Timeout { get; set; }

    /// <summary>Memory in MiB, 128–10240.</summary>
    public uint MemorySize { get; set; }

    public string? Role { get; set; }

    public string? Policies { get; set; }

    public LambdaPackageType PackageType { get; set; }
}
