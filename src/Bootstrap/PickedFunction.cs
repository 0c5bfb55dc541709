using CacheBackup.Functions;

namespace CacheBackup.Bootstrap;

/// <summary>The one function that this process serves.</summary>
internal static class PickedFunction
{
    /// <summary>Names the function; set by the stack, as Annotations' generated programs have it.</summary>
    public const string Variable = "ANNOTATIONS_HANDLER";

    /// <summary>The function that signs links to data; in all others the service hands out none.</summary>
    public const string Download = "Download";

    /// <param name="variable">Reads an environment variable, or gives null.</param>
    /// <param name="time">The process's clock.</param>
    /// <exception cref="InvalidSettingException">A setting is missing or malformed; the message names its variable.</exception>
    /// <exception cref="UnknownFunctionException">There is no such function.</exception>
    public static FunctionEntry Open(Func<string, string?> variable, TimeProvider time)
    {
        string name = variable(Variable) ?? string.Empty;
        LambdaSettings settings = LambdaSettings.Read(variable);
        FunctionTable table = new(LambdaParts.Make(settings, name, variable, time));
        return table.Entries.TryGetValue(name, out FunctionEntry? function)
            ? function
            : throw new UnknownFunctionException(
                $"{Variable} is '{name}', which is no function. There are: {string.Join(", ", table.Entries.Keys.Order(StringComparer.Ordinal))}.");
    }
}
