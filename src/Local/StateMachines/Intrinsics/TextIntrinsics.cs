using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CacheBackup.Local.StateMachines.Json;

namespace CacheBackup.Local.StateMachines.Intrinsics;

/// <summary>The intrinsics on strings.</summary>
internal static class TextIntrinsics
{
    // Step Functions' documented bound on States.Base64Encode, Base64Decode and Hash.
    private const int MaximumLetters = 10_000;

    /// <summary>Each <c>{}</c> becomes the next argument; <c>\{</c>, <c>\}</c> and <c>\\</c> stand for the letter itself.</summary>
    public static JsonElement Format(IntrinsicArguments arguments)
    {
        string template = arguments.Text(0);
        var text = new StringBuilder(template.Length + 32);
        int next = 1;
        for (int i = 0; i < template.Length; i++)
        {
            if (template[i] == '\\' && i + 1 < template.Length && template[i + 1] is '{' or '}' or '\\')
            {
                text.Append(template[++i]);
            }
            else if (template[i] == '{' && i + 1 < template.Length && template[i + 1] == '}')
            {
                AppendValue(text, next < arguments.Values.Count ? arguments[next] : throw CountIsWrong(arguments));
                next++;
                i++;
            }
            else
            {
                text.Append(template[i]);
            }
        }

        return next == arguments.Values.Count ? JsonBuild.Text(text.ToString()) : throw CountIsWrong(arguments);
    }

    /// <summary>Cuts at every letter of the second argument; empty parts are left out.</summary>
    public static JsonElement Split(IntrinsicArguments arguments) => JsonBuild.Array(
        arguments.Text(0).Split(arguments.Text(1).ToCharArray(), StringSplitOptions.RemoveEmptyEntries).Select(JsonBuild.Text));

    public static JsonElement Base64Encode(IntrinsicArguments arguments) =>
        JsonBuild.Text(Convert.ToBase64String(Encoding.UTF8.GetBytes(Bounded(arguments, arguments.Text(0)))));

    public static JsonElement Base64Decode(IntrinsicArguments arguments)
    {
        string text = Bounded(arguments, arguments.Text(0));
        byte[] bytes = new byte[(text.Length / 4 * 3) + 3];
        return Convert.TryFromBase64String(text, bytes, out int length)
            ? JsonBuild.Text(Encoding.UTF8.GetString(bytes, 0, length))
            : throw arguments.Fail("the string is not Base64");
    }

    public static JsonElement Hash(IntrinsicArguments arguments)
    {
        string data = arguments[0].ValueKind == JsonValueKind.String ? arguments.Text(0) : JsonBuild.CompactText(arguments[0]);
        HashAlgorithmName algorithm = arguments.Text(1) switch
        {
            "MD5" => HashAlgorithmName.MD5,
            "SHA-1" => HashAlgorithmName.SHA1,
            "SHA-256" => HashAlgorithmName.SHA256,
            "SHA-384" => HashAlgorithmName.SHA384,
            "SHA-512" => HashAlgorithmName.SHA512,
            _ => throw arguments.Fail("the algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512"),
        };
        byte[] hash = CryptographicOperations.HashData(algorithm, Encoding.UTF8.GetBytes(Bounded(arguments, data)));
        return JsonBuild.Text(Convert.ToHexStringLower(hash));
    }

    private static string Bounded(IntrinsicArguments arguments, string text) => text.Length <= MaximumLetters
        ? text
        : throw arguments.Fail($"the string has {text.Length} letters and may have {MaximumLetters}");

    private static StateFailedException CountIsWrong(IntrinsicArguments arguments) =>
        arguments.Fail($"the template has not as many '{{}}' as the {arguments.Values.Count - 1} arguments that follow it");

    /// <summary>Objects and arrays come out as Java writes a map and a list, which is what Step Functions does: <c>{a=1, b=[x, y]}</c>.</summary>
    private static void AppendValue(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                text.Append(value.GetString());
                break;
            case JsonValueKind.Array:
                text.Append('[');
                AppendAll(text, value.EnumerateArray(), AppendValue);
                text.Append(']');
                break;
            case JsonValueKind.Object:
                text.Append('{');
                AppendAll(text, value.EnumerateObject(), static (text, member) => AppendValue(text.Append(member.Name).Append('='), member.Value));
                text.Append('}');
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void AppendAll<T>(StringBuilder text, IEnumerable<T> items, Action<StringBuilder, T> append)
    {
        bool isFirst = true;
        foreach (T item in items)
        {
            if (!isFirst)
            {
                text.Append(", ");
            }

            append(text, item);
            isFirst = false;
        }
    }
}
