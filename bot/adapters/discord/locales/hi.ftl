### What the bot says on Discord alone.

help-discord =
    /{ name-caption } के साथ पाँच तक तस्वीरें दीजिए, या किसी मैसेज पर “ऐप्स” और फिर “{ menu-caption }” चुनिए, या तस्वीरों वाले मैसेज में मेरा ज़िक्र कीजिए। GIF और छोटे वीडियो भी चलते हैं।

    { help-buttons } /{ name-alt } कॉपी करने के लिए ऑल्ट टेक्स्ट लिखता है। /{ name-voice } { name-on } हर कैप्शन आपको पढ़कर सुनाता है, और /{ name-language } वह भाषा बदलता है जिसमें मैं आपसे बात करता हूँ। जो लोग किसी चैनल को मैनेज करते हैं, वे /{ name-auto } { name-on } से उसकी हर तस्वीर का जवाब दिलवा सकते हैं।

    { captions-in } { photo-goes }; ज़्यादा जानकारी /{ name-privacy } से मिलेगी। मुझसे ग़लतियाँ होती हैं: जहाँ बात ज़रूरी हो, वहाँ मुझ पर निर्भर मत रहिए।
command-caption-image = वह तस्वीर जिसका वर्णन करना है
menu-caption = इस तस्वीर का कैप्शन
menu-attention = दिखाएँ कि कहाँ देखा
help-owner-discord =
    मालिक के तौर पर आपके लिए: /owner access दिखाता है कि मेरा इस्तेमाल कौन कर सकता है; /owner allow, /owner block और /owner lift इसे बदलते हैं। /owner pause और /owner resume हर जगह कैप्शन रोकते और फिर शुरू करते हैं। /{ name-stats } दिखाता है कि कितना काम था।
access-how-discord = कोई व्यक्ति चुनिए या आईडी दीजिए: किसी व्यक्ति या सर्वर की, इस सर्वर के लिए “here”, या किसी दूसरे प्लैटफ़ॉर्म की, जैसे telegram:12345।
command-owner = मेरा इस्तेमाल कौन करे, और मुझे रोकना: बॉट के मालिकों के लिए
command-allow = किसी व्यक्ति या सर्वर को अनुमति दे
command-block = किसी व्यक्ति या सर्वर को जवाब देना बंद करे
command-lift = अनुमति या ब्लॉक वापस ले
command-access = दिखाए कि मेरा इस्तेमाल कौन कर सकता है
command-pause = सभी प्लैटफ़ॉर्म पर कैप्शन लिखना रोके
command-resume = फिर से कैप्शन लिखे
command-owner-person = व्यक्ति
command-owner-id = आईडी, या इस सर्वर के लिए “here”
no-picture-discord = मुझे इस मैसेज में कोई तस्वीर नहीं दिखती। तस्वीर अटैच कीजिए, या जिस मैसेज में तस्वीर हो, उस पर “ऐप्स” और फिर “{ menu-caption }” चुनिए। ज़्यादा जानकारी: /{ name-help }
mention-me-discord = जिस मैसेज में सिर्फ़ मेरे रोल का ज़िक्र हो, उसकी तस्वीरें Discord मुझे नहीं दिखाता। मेरे नाम से मुझे मेंशन कीजिए, या मैसेज पर “ऐप्स” और फिर “{ menu-caption }” चुनिए।
alt-photo = वह फ़ोटो जिसके बारे में यह कैप्शन है
owners-only-discord = /{ name-stats } सिर्फ़ इस बॉट का मालिक देख सकता है।
name-caption = कैप्शन
name-alt = ऑल्ट-टेक्स्ट
name-help = मदद
name-privacy = गोपनीयता
name-delete = मिटाएँ
name-stats = आँकड़े
name-language = भाषा
name-voice = आवाज़
name-auto = ऑटो
name-on = चालू
name-off = बंद
menu-alt = ऑल्ट टेक्स्ट लिखें
command-caption-more = एक और तस्वीर, इसी जवाब के लिए
command-caption-private = जवाब सिर्फ़ मुझे दिखाए
command-language-which = भाषा
command-language-captions = कैप्शन की भाषा
command-voice-on = मुझे कैप्शन पढ़कर सुनाए
command-voice-off = मुझे कैप्शन पढ़कर सुनाना बंद करे
command-auto-on = इस चैनल की हर तस्वीर का जवाब दे
command-auto-off = इस चैनल में सिर्फ़ पूछने पर जवाब दे
button-attention-of = तुमने कहाँ देखा? ({ $which })
alt-photo-number = जिन फ़ोटो के बारे में ये कैप्शन हैं, उनमें से फ़ोटो { $number } (कुल { $count })
auto-on-discord = अब से मैं इस चैनल की हर तस्वीर का जवाब दूँगा। /{ name-auto } { name-off } से यह बंद हो जाएगा।
auto-off-discord = अब से मैं यहाँ तभी जवाब दूँगा जब कोई मुझसे पूछे।
auto-not-allowed-discord = यह सिर्फ़ वे लोग तय कर सकते हैं जो इस चैनल को मैनेज करते हैं।
auto-needs-intent = मुझे नहीं दिखता कि इस चैनल में क्या लिखा जाता है: Discord मुझे सिर्फ़ वे मैसेज दिखाता है जिनमें मेरा ज़िक्र हो। इस बॉट का मालिक इसे बदल सकता है: Discord पर मेरे लिए “Message Content Intent” और सेटिंग CAPTIONBOT_DISCORD_MESSAGE_CONTENT चालू करके।
delete-not-allowed = यह जवाब सिर्फ़ वही मिटा सकता है जिसने इसे माँगा था, या वह जो यहाँ मैसेज मैनेज करता है।
too-large-to-send = मैंने जो तस्वीर बनाई, वह यहाँ पोस्ट करने के लिए बहुत बड़ी है: Discord ज़्यादा से ज़्यादा { $limit } MB लेता है।
missing-permission-discord = मैं { $channel } में जवाब नहीं दे सकता, क्योंकि वहाँ मेरे पास ये अनुमतियाँ नहीं हैं: { $permissions }। चैनल को मैनेज करने वाला कोई व्यक्ति इन्हें दे सकता है।
cannot-attach-discord = मैं यहाँ तस्वीरें पोस्ट नहीं कर सकता। चैनल को मैनेज करने वाला कोई व्यक्ति इसकी अनुमति दे सकता है: { $permission }।
permission-view-channel = चैनल देखें
permission-send-messages = मैसेज भेजें
permission-send-messages-in-threads = थ्रेड में मैसेज भेजें
permission-attach-files = फ़ाइलें अटैच करें
permission-read-message-history = मैसेज हिस्ट्री पढ़ें
command-ask-question = आपका सवाल
command-ask-photo = वह तस्वीर जिसके बारे में पूछना है
command-detail-length = कैप्शन कितने लंबे हों
name-ask = पूछें
name-detail = लंबाई
menu-ask = इस फ़ोटो के बारे में पूछें
help-ask-discord = किसी फ़ोटो के बारे में पूछने के लिए मेरे जवाब का जवाब देकर अपना सवाल लिखिए, /{ name-ask } इस्तेमाल कीजिए, या किसी मैसेज पर “ऐप्स” और फिर “{ menu-ask }” चुनिए।
help-detail-discord = /{ name-detail } मेरे कैप्शन की लंबाई बदलता है।
